"""What the agents tell, in their own words, of one command, one prompt and one answer of a tool."""

from __future__ import annotations

from typing import Any

import pytest

from keytrace.agents.event import Event, Phase

TEXT = "deploy --now"
_CLAUDE = {"session_id": "1", "transcript_path": "/home/ada/.claude/x.jsonl", "cwd": "/project"}
_CODEX = {"session_id": "1", "turn_id": "2", "cwd": "/project"}
_CURSOR = {"conversation_id": "1", "cursor_version": "2.0", "workspace_roots": ["/project"]}
_GEMINI = {"session_id": "1", "transcript_path": "/x", "cwd": "/project", "timestamp": "2026-11-29T10:00:00Z"}
_COPILOT = {"session_id": "1", "timestamp": "2026-11-29T10:00:00Z", "cwd": "/project"}
_VS_CODE = {"timestamp": "2026-02-09T10:30:00.000Z", "cwd": "/project", "sessionId": "s", "transcript_path": "/t.json"}
_VS_CODE = {"sessionId": "1", "timestamp": "2026-02-09T10:30:00.000Z", "cwd": "/project"}
_COPILOT_CLI = {"sessionId": "1", "timestamp": 1704614600000, "cwd": "/project"}
_PRE = {"hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_input": {"command": TEXT}}
_POST = {"hook_event_name": "PostToolUse", "tool_name": "Bash", "tool_input": {}}
_PROMPT = {"hook_event_name": "UserPromptSubmit", "prompt": TEXT}
TOLD: list[tuple[str, Phase, dict[str, Any]]] = [
    ("claude-code", Phase.PROMPT, _CLAUDE | _PROMPT),
    ("claude-code", Phase.BEFORE, _CLAUDE | _PRE),
    ("claude-code", Phase.AFTER, _CLAUDE | _POST | {"tool_response": {"stdout": TEXT, "stderr": ""}}),
    ("codex", Phase.PROMPT, _CODEX | _PROMPT),
    ("codex", Phase.BEFORE, _CODEX | _PRE),
    ("codex", Phase.AFTER, _CODEX | _POST | {"tool_response": TEXT}),
    ("cursor", Phase.PROMPT, _CURSOR | {"hook_event_name": "beforeSubmitPrompt", "prompt": TEXT, "attachments": []}),
    ("cursor", Phase.BEFORE, _CURSOR | {"hook_event_name": "beforeShellExecution", "command": TEXT, "cwd": "/project"}),
    ("cursor", Phase.BEFORE, _CURSOR | _PRE | {"hook_event_name": "preToolUse", "tool_name": "Shell"}),
    ("cursor", Phase.AFTER, _CURSOR | {"hook_event_name": "postToolUse", "tool_name": "Shell", "tool_output": TEXT}),
    ("gemini", Phase.PROMPT, _GEMINI | _PROMPT | {"hook_event_name": "BeforeAgent"}),
    ("gemini", Phase.BEFORE, _GEMINI | _PRE | {"hook_event_name": "BeforeTool", "tool_name": "run_shell_command"}),
    ("gemini", Phase.AFTER, _GEMINI | {"hook_event_name": "AfterTool", "tool_response": {"llmContent": TEXT}}),
    ("copilot", Phase.PROMPT, _COPILOT | _PROMPT),
    ("copilot", Phase.BEFORE, _COPILOT | _PRE),
    (
        "copilot",
        Phase.AFTER,
        _COPILOT | _POST | {"tool_result": {"result_type": "success", "text_result_for_llm": TEXT}},
    ),
    ("copilot", Phase.PROMPT, _COPILOT_CLI | {"prompt": TEXT}),
    ("copilot", Phase.BEFORE, _COPILOT_CLI | {"toolName": "bash", "toolArgs": '{"command": "deploy --now"}'}),
    ("copilot", Phase.AFTER, _COPILOT_CLI | {"toolName": "bash", "toolResult": {"textResultForLlm": TEXT}}),
    ("copilot", Phase.PROMPT, _VS_CODE | {"hookEventName": "UserPromptSubmit", "prompt": TEXT}),
    (
        "copilot",
        Phase.BEFORE,
        _VS_CODE | {"hookEventName": "preToolUse", "toolName": "bash", "toolInput": {"command": TEXT}},
    ),
    (
        "copilot",
        Phase.AFTER,
        _VS_CODE | {"hookEventName": "PostToolUse", "tool_name": "bash", "toolInput": {}, "toolResponse": TEXT},
    ),
    ("windsurf", Phase.PROMPT, {"agent_action_name": "pre_user_prompt", "tool_info": {"user_prompt": TEXT}}),
    ("windsurf", Phase.BEFORE, {"agent_action_name": "pre_run_command", "tool_info": {"command_line": TEXT}}),
    ("windsurf", Phase.AFTER, {"agent_action_name": "post_mcp_tool_use", "tool_info": {"mcp_result": TEXT}}),
]


@pytest.fixture(params=Phase, ids=lambda phase: phase.value)
def event(request: pytest.FixtureRequest) -> Event:
    return Event(request.param, (), (), "/project")
