"""The languages of Whisper models: which there are, which is heard, and how a model is asked in each."""

from __future__ import annotations

from typing import Any

from mediakit.errors import UsageError

#: All that any Whisper model knows (`whisper.tokenizer.LANGUAGES`); `yue` only since large-v3.
WHISPER_LANGUAGES = frozenset(
    (
        "af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi hr ht hu hy "
        "id is it ja jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no oc pa pl ps pt ro ru "
        "sa sd si sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi yi yo yue zh"
    ).split()
)


class Tongues:
    """How a `faster_whisper.WhisperModel` is asked in each language that it knows: tokenizers, each made once."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._known: dict[str, Any] = {}

    def of(self, language: str) -> Any:
        """The `faster_whisper.tokenizer.Tokenizer` for a language; a model that knows English only has one for all.

        Raises
        ------
        UsageError
            If the model does not know the language.
        """
        from faster_whisper.tokenizer import Tokenizer

        if language not in self._known:
            require_whisper_language(language)
            is_multilingual = self.tells
            made = Tokenizer(self._model.hf_tokenizer, is_multilingual, task="transcribe", language=language)
            if is_multilingual and made.language is None:
                raise UsageError(f"the model knows no language {language!r}", remedy="Give another model or language.")
            self._known[language] = made
        return self._known[language]

    @property
    def tells(self) -> bool:
        """Whether the model tells languages: whether it knows more than English."""
        return bool(self._model.model.is_multilingual)

    def tokens(self) -> dict[str, int]:
        """The token of each language that the model knows, by which it is asked in it."""
        found = {code: self._model.hf_tokenizer.token_to_id(f"<|{code}|>") for code in sorted(WHISPER_LANGUAGES)}
        return {code: token for code, token in found.items() if token is not None}


def require_whisper_language(language: str) -> None:
    """Refuse a language that no Whisper model has a token of.

    Raises
    ------
    UsageError
        If none has.
    """
    if language not in WHISPER_LANGUAGES:
        raise UsageError(f"Whisper knows no language {language!r:.40}", remedy="Give a code such as vi or en, or auto.")
