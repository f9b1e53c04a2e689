"""What the name of a file tells of its language."""

from __future__ import annotations

# Languages in which a literal is quoted; elsewhere (configuration, shell, prose) a bare word is a value.
_CODE = frozenset(
    ".py .pyi .js .jsx .ts .tsx .mjs .cjs .java .kt .kts .scala .groovy .go .rs .c .h .cc .cpp .cxx .hpp .cs .vb .fs "
    ".swift .m .mm .php .rb .erb .pl .pm .lua .dart .ex .exs .erl .hs .ml .mli .clj .cljs .r .jl .sol .vue .svelte "
    ".gradle .ps1 .psm1 .tf .hcl .proto .graphql .sql .smali .tl .idl .pyx .coffee .haml .slim .nim .zig .v .cr "
    ".d .re .las .lasso .pp .pas .twig .ejs .jsp .jspx .cshtml .razor .phtml .pug .njk".split()
)


def is_code(path: str) -> bool:
    """Tell by the name of a file whether its literals are quoted."""
    return extension(path) in _CODE


def extension(path: str) -> str:
    """Return the last ending of `path`, in lower case and with its dot; empty if it has none."""
    dot = path.rfind(".")
    return path[dot:].lower() if dot > path.rfind("/") else ""
