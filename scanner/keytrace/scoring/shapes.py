r"""The shapes of bindings, as regular expressions: a name that may promise a secret, what binds, the start of a value.

`TRIGGERS` are for the one multi-pattern pass, each up to the first characters of a value; `CANDIDATE` cuts out name and
value where one fired.
"""

from __future__ import annotations

import re

from keytrace.scoring.value import LONGEST

MAX_VALUE = 2100  # bytes of a value that are read
_LONG = LONGEST + 1  # bytes; a literal of so many that does not end within MAX_VALUE is cut there, to be told of

_STRONG = (
    r"passw|pass_?phrase|passcode|pwd|secret|token|api[_ .\-]?key|access[_ .\-]?key|priv(?:ate)?[_ .\-]?key|credential|"
    r"creds|bearer|(?:user|require|store|key)pass|dsn|contrase|senha|kennwort|wachtwoord|mot_?de_?passe|jsapi_ticket"
)
_WEAK = (
    r"auth|_pass\b|\bpass\b|pass(?=[\"'`]?[ \t]{0,20}[:=])|[_\-]pw\b|\bpw\b|key\b|key_?(?:value|bytes)\b|salt|psk|"
    r"seed|\botp|totp|[_\-]pat\b"
)
_WEAK_TRIGGER = _WEAK.replace(r"|pass(?=[\"'`]?[ \t]{0,20}[:=])", r"|pass[\"'`]?[ \t]*[:=]")
_WORDS = f"{_STRONG}|{_WEAK}"
WORD = rf"(?i:{_WORDS}|sig\b)"
_CLOSE = r"(?:\\?[\"'`]|[\])}]|\[\d{0,4}\]|\*\*?){0,4}"  # ** ends what is bold
_TYPE = (
    r"(?:[ \t]?:[ \t]?[A-Za-z_&][\w.<>\[\]|?&]*(?:[ ]\|[ ]None)?|[ \t](?:string|String|str|As[ ]\w{1,20})"
    r"|[ ]\{[ ]get;[ ](?:set|init);[ ]\}|,[ ](?:_|err|ok)[ ]?:?)"
)
# Behind its value a field of a record, then the field that holds what the name promises: {"name": "password",
# "type": "text", "value": "x"}, variable "password" { type = string default = "x" }, - name: password value: x
_FIELD = (
    r"[,;]?\s{0,20}\\?[\"']?[A-Za-z]\w{0,30}\\?[\"']?[ \t]{0,12}[=:][ \t]{0,12}"
    r"(?:\\?\"[^\"\n\\]{0,120}\\?\"|'[^'\n]{0,120}'|[\w.()\-]{1,60}+)"  # the next field begins behind it, not in it
)
_VALUE_KEY = r"[,;]?\s{0,20}\\?[\"']?(?i:[a-z]{0,12}value|default|val)\\?[\"']?[ \t]{0,12}[=:]"
_INNER_KEY = _VALUE_KEY.replace("|val)", "|val|sig|signature|raw|plaintext)")  # of a record under the name
NAMED = rf"(?:{_FIELD}){{0,4}}?{_VALUE_KEY}"  # what follows the name of a record's member
_RECORD = (
    rf"(?:(?:\s{{0,4}}[=:])?\s{{0,4}}\\?[\"']?\{{(?:{_FIELD}){{0,4}}?{_INNER_KEY}"
    rf"|(?::[ \t]{{0,4}}\r?\n(?=[ \t]))?{NAMED})"
)
# <name>password</name> <value>…, <th>Password:</th><td><code>…, <b>Password:</b> …
_ELEMENT = r"(?::?</\w{1,16}>\s{0,20}<\w{1,16}>(?:<\w{1,16}>)?|:</\w{1,16}>[ ]|>\s{1,20}<(?i:value|string)>)"
_BLOCK = r":[ \t]{0,4}[|>][+\-]?[ \t]{0,4}\r?\n"  # a YAML block scalar
_ITEM = r":\s{0,20}\n[ \t]{0,20}-[ \t]"  # a YAML list: headers of recorded requests
_SERIALIZED = r";s:\d{1,4}:"  # PHP
_SIGNS = r"=>|<-|:=|:-|[|?:+]{1,2}=|={1,3}|!==?|[:,(>]|\|\||\?\?|\bor\b|\bis\b:?"
_OPERATOR = rf"(?:{_RECORD}|{_ELEMENT}|{_BLOCK}|{_ITEM}|{_SERIALIZED}|[ ]\{{|{_SIGNS})"
# What may stand between a name and its value in any language: a comment, a line that goes on.
_BLOCK_NOTE = (
    r"/\*(?:(?!\*/)[\s\S]){0,300}+\*/|<!--(?:(?!-->)[\s\S]){0,300}+-->|\(\*(?:(?!\*\))[\s\S]){0,300}+\*\)"
    r"|\{-(?:(?!-\})[\s\S]){0,300}+-\}|<\#(?:(?!\#>)[\s\S]){0,300}+\#>|[\\^`_][ \t]{0,8}\r?\n"
)
_LINE_NOTE = r"(?:(?<=[\s({\[=,])(?:\#|//|--)|(?<=\s)[;%](?=\s))[^\r\n]{0,200}+\r?\n"
_NOTES = rf"(?:(?:{_BLOCK_NOTE}|{_LINE_NOTE})\s{{0,40}}+){{0,4}}+"
_NOTE_BEGINS = r"(?:\#|//|--|[ \t][;%][ \t]|/\*|<!--|<\#|\(\*|\{-|[\\^`_][ \t]*\r?\n)"

SCHEMES = r"bearer|basic|token|digest|api-?key|key|ssws|[a-z]+-(?:auth-)?key"  # of an Authorization header

# In Hyperscan: the same shape as below, up to the first characters of the value. Quoted and bare apart, because in code
# only a quoted value counts; strong and weak names apart, because a short plain word under a weak one is no secret, and
# of these code is full. Records with other fields between, and comments between, have triggers of their own.
_BOUND = (
    rf"[\w$.\-]*{_CLOSE}(?:{_TYPE}\s{{0,20}}=\s{{0,20}}|\s{{0,20}}"
    rf"(?:{_VALUE_KEY}|{_ELEMENT}|{_BLOCK}|{_ITEM}|{_SERIALIZED}|{_SIGNS})(?:\*\*?)?\s{{0,20}}|[ \t]{{1,8}})"
    rf"(?:(?:{SCHEMES}) )?"
)
_WRAP = r"(?:(?:new[ ])?[\w.:$]*(?:\(\)[\w.:$]*)?(?:->\w{1,20})?(?:\[\][\w.]*)?[({\[]\s{0,20}){0,2}"
_WRAP_WEAK = (
    r"(?:(?:\((?:\s{1,20})?|String::from\(|\[\]byte\(|bytes?\(|new String\(|SecretStr\(|Buffer\.from\(|"
    r"[\w.]*(?:\(\)[\w.]*)?(?:decode|encode|unhexlify|fromhex|hex|base64)\w*\())?"
)
_OPEN = r"[@$brufl]{0,2}\\?[\"'`]{1,3}"
ANY = f"{_STRONG}|{_WEAK_TRIGGER}"
_FIELDS = (  # in Hyperscan, what has no upper end costs less; a bare value ends before what is none of it
    r"(?:[,;]?\s*\\?[\"']?[a-z]\w*\\?[\"']?[ \t]*[=:][ \t]*"
    r"(?:\\?\"[^\"\n\\]*\\?\"|'[^'\n]*'|[\w.()\-]+[,;\s\\\"'])){0,4}"
)
_TRIGGERS = (
    rf"(?i)(?:{_STRONG}){_BOUND}{_WRAP}{_OPEN}[^\s\"'`]{{2}}\S{{2}}",
    rf"(?i)(?:{_WEAK_TRIGGER}){_BOUND}{_WRAP_WEAK}{_OPEN}(?:[a-z]{{0,15}}[^a-z\s\"'`][^\s\"'`]{{2}}|[a-z]{{16}})",
    rf"(?i)[?&#][\w.\-]*(?:{_STRONG}|auth|key|sig)[\w.\-]*=[\w%.+/~\-]{{8}}",  # ?api_key=… in a URL
    rf"(?i)(?:pass|pw)[\"'`]?[ \t]*(?:=>|[:=,])[ \t]*{_OPEN}[^\s\"'`]{{2}}\S{{2}}",  # a short plain word under `pass`
    rf"(?i)(?:{_STRONG}){_BOUND}[\w/+$!@#%^&*.\-]{{2}}[\w/+$!@#%^&*.'\-]{{2}}",
    rf"(?i)(?:{_WEAK_TRIGGER}){_BOUND}(?:[a-z]{{0,15}}[\d_/+$!@#%^&*.\-][\w/+$!@#%^&*.\-:]{{2}}|[a-z]{{16}})",
    r"(?i)(?:pass|[_\-]pw)(?:[ \t]*=[ \t]*|:[ ]+)[\w/+$!@#%^&*.\-]{4}",
    r"_(?:KEY|AUTH|PW|PAT)=[\w/+$!@#%^&*.\-]{8}",
    (
        rf"(?i)(?:(?:{ANY})[\w$.\-]*(?:\b|[$.\-])|pass[\"'`]?[ \t]*[:=]){_CLOSE}"
        rf"(?:\s?[=:]?\s?\\?[\"']?\{{|:[ \t]*\r?\n)?{_FIELDS}{_INNER_KEY}[ \t]*"
        rf"(?:{_OPEN}|[\w/+$])"
    ),
    (
        rf"(?i)(?:{ANY})[\w$.\-]*{_CLOSE}(?:(?:{_TYPE}\s{{0,8}}=|\s{{0,8}}(?:{_SIGNS}))\s{{0,20}}{_WRAP}{_NOTE_BEGINS}"
        r"|\s{0,8}(?:/\*|\\\r?\n)|[ \t]+;[ ])"
    ),
    rf"(?i):(?:{ANY})[\w]*(?:,[ ]|\)[ ]\{{[ ]){_OPEN}",  # a symbol in Ruby: set :secret, "x"; let(:token) {{ "x" }}
    (
        r"(?i)value[\"']?[ \t]*(?:[:=][ \t]*[\"'][^\"'\s]{4,}[\"']|:[ \t]+[^\"'\s]{4,}[ \t]*\r?\n)"
        rf"{_FIELDS}\s*[,;]?\s*[\"']?[a-z]*(?:key|name)[\"']?"
        rf"[ \t]*[:=][ \t]*[\"']?[\w.\-]*(?:{ANY})"
    ),
)
TRIGGERS = tuple(re.sub(r"\\s\{0,\d+\}", r"\\s*", trigger) for trigger in _TRIGGERS)  # as with _FIELDS
TRIGGER_KEYWORDS = (
    "passw", "pass", "pwd", "pw", "secret", "token", "key", "auth", "credential", "creds", "bearer", "dsn", "salt",
    "psk", "seed", "pat", "contrase", "senha", "kennwort", "wachtwoord", "motdepasse", "ticket", "otp", "sig",
)  # fmt: skip
BEHIND = 11  # of the triggers: the name stands behind the value
BARE = frozenset({4, 6})  # of the triggers: bare values of strong names, which count inside the strings of code
QUOTED = frozenset({0, 1, 2, 3, 8, 9, 10, BEHIND})  # those that count in code


# {"value": "x", "key": "password"}, - value: x name: PASSWORD
NAME_BEHIND = (
    rf"(?i)value[\"']?[ \t]{{0,8}}[:=][ \t]{{0,8}}(?:(?P<quote>[\"'])(?P<quoted>[^\"'\s]{{4,400}})(?P=quote)"
    rf"|(?<=:[ \t]{{1,8}})(?P<bare>[^\s\"'\#{{\[|>&*!\-][^\s\"'\#]{{3,400}}+)(?=[ \t]*\r?\n))"
    rf"(?:{_FIELD}){{0,3}}?\s{{0,20}}[,;]?\s{{0,20}}[\"']?(?P<label>[a-z]{{0,12}}(?:key|name))[\"']?[ \t]{{0,8}}[:=]"
    rf"[ \t]{{0,8}}(?P<around>[\"']?)(?P<name>[\w.\-]{{0,60}}(?:{_WORDS})[\w.\-]{{0,60}})(?P=around)(?![\w.\-\"'])"
)


def _bounded(shape: str) -> str:
    """Return a shape in which what `*` repeats, an identifier, has an end: else it is read anew for every name."""
    return shape.replace("]*", "]{0,100}+")


# Matched where a word starts; what of the name stands before the word is read backwards. An `=` that ends a line is the
# end of a value, not what binds the next line.
CANDIDATE = rf"""(?x)
    (?P<name>(?i:{_WORDS}|sig\b)[\w$.\-]*+)
    (?P<close>{_CLOSE})
    (?:\s{{0,20}}+(?:{_BLOCK_NOTE}))?
    (?: {_bounded(_TYPE)}(?:\s{{1,20}}(?P<op>=)\s{{0,20}}|(?P<op>=)[ \t]{{0,20}})
      | \s{{0,20}}(?P<op>{_OPERATOR})(?P<bold>\*\*?)?\s{{0,20}} | (?P<space>[ \t]{{1,8}}) )
    {_NOTES}
    (?: (?P<scheme>(?i:{SCHEMES})[ ]) )?
    (?: (?P<wrap>{_bounded(_WRAP)}){_NOTES}[@$bBrRuUfFL]{{0,2}}
        (?P<quote>\\?(?:\"{{3}}|'{{3}}|``|["'`]))
        (?: (?P<quoted>(?:(?!(?P=quote))(?:\\.|[^\r\n])){{0,{MAX_VALUE}}}+)(?P=quote)
          | (?P<long>[^\s"'`\\]{{{_LONG},{MAX_VALUE}}}+) )
      | (?P<bare>(?:[^\s"'`,;&<>(){{}}\[\]|\\]|(?<=[A-Za-z0-9])'(?=[A-Za-z0-9])){{4,{MAX_VALUE}}})(?P<next>[(\[.]?)
    )
"""
