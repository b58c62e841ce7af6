"""Validates every shipped file with the schemas that the program prints, by a validator that is not ours.

    schemas.py PROGRAM SOURCE_FOLDER

Every file must be valid, and after each of a list of slips must be invalid at the place of the slip. Exits with 1 and a
message per fault, with 77 when the validator is not installed.
"""

import copy
import datetime
import json
import pathlib
import subprocess
import sys
import tomllib

try:
    import jsonschema
except ImportError as missing:
    print(f"schemas.py: skipped: {missing}", file=sys.stderr)
    sys.exit(77)

program, source = sys.argv[1], pathlib.Path(sys.argv[2])
faults, validators = [], {}


def validator(kind):
    if kind not in validators:
        schema = json.loads(subprocess.run([program, "schema", kind], capture_output=True, check=True).stdout)
        jsonschema.Draft202012Validator.check_schema(schema)
        validators[kind] = jsonschema.Draft202012Validator(schema)
    return validators[kind]


def as_json(value):
    """What an editor's language server makes of TOML: a time is a text."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, (datetime.date, datetime.time)) else value


def kind_of(path, content):
    if path.name in ("case.toml", "crisis_case.toml", "palace_case.toml"):
        return content.get("model", "case")
    if path.parent.name in ("hypotheses", "alternatives", "whatifs", "sweeps", "sites"):
        return {"hypotheses": "hypothesis", "alternatives": "alternative", "whatifs": "whatif", "sweeps": "design",
                "sites": "site"}[path.parent.name]
    return path.stem


def model_of(path):
    case = path.parent.parent / "case.toml"
    return tomllib.loads(case.read_text()).get("model", "crisis") if case.exists() else "crisis"


def shipped():
    for path in sorted([*(source / "configs").rglob("*.toml"), *(source / "tests/support").rglob("*.toml")]):
        content = as_json(tomllib.loads(path.read_text()))
        # What a hypothesis of a classic model may change is the model's own; its case.toml has a schema.
        if path.parent.name == "hypotheses" and model_of(path) != "crisis":
            continue
        yield path, kind_of(path, content), content


def complain(text):
    faults.append(text)
    print(f"schemas.py: {text}", file=sys.stderr)


# File, where the slip is made, what is written there, and where a validator must point.
SLIPS = [
    ("case.toml", ("units", 0, "strength"), "many", ["units", 0, "strength"]),
    ("case.toml", ("units", 0, "strenght"), 3, ["units", 0]),
    ("case.toml", ("clock", "step_hours"), 100, ["clock", "step_hours"]),
    ("case.toml", ("case",), None, []),
    ("case.toml", ("parameters", "threshold"), {"beta": "2"}, ["parameters", "threshold"]),
    ("hypotheses/spontaneous_uprising.toml", ("title",), 5, ["title"]),
    ("hypotheses/spontaneous_uprising.toml", ("parameters", "social_pul"), 1, ["parameters"]),
    ("alternatives/forces_first.toml", ("of",), None, []),
    ("whatifs/no_intervention.toml", ("titel",), "x", []),
    ("whatifs/no_intervention.toml", ("actions", "intervention_agreed", "by"), "none", ["actions", "intervention_agreed", "by"]),
    ("evidence.toml", ("events", 0, "measure"), "tiem", ["events", 0, "measure"]),
    ("evidence.toml", ("events", 3, "id"), None, ["events", 3]),
    ("claims.toml", ("claims", 0, "speeker"), "x", ["claims", 0]),
    ("sweeps/almaty.toml", ("design", "kind"), "saltely", ["design", "kind"]),
    ("sweeps/almaty.toml", ("factors", 0, "key"), 1, ["factors", 0, "key"]),
]


def spoilt(content, where, what):
    out = copy.deepcopy(content)
    at = out
    for key in where[:-1]:
        at = at.setdefault(key, {}) if isinstance(at, dict) else at[key]
    if what is None:
        del at[where[-1]]
    else:
        at[where[-1]] = what
    return out


files = {str(path.relative_to(source)): (kind, content) for path, kind, content in shipped()}
for name, (kind, content) in files.items():
    for error in validator(kind).iter_errors(content):
        complain(f"{name} is no {kind} at {error.json_path}: {error.message[:200]}")
for name, where, what, place in SLIPS:
    kind, content = files["configs/january_2022/" + name]
    places = [list(error.absolute_path) for error in validator(kind).iter_errors(spoilt(content, where, what))]
    if place not in places:
        complain(f"{name} with {where} = {what!r} should be wrong at {place}; it is wrong at {places}")
if not faults:
    print(f"{len(files)} files of {len(set(k for k, _ in files.values()))} kinds are valid; {len(SLIPS)} slips are found")
sys.exit(1 if faults else 0)
