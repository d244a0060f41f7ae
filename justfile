# The usual verbs. `just` alone lists them.
default:
    @just --list

# The main job, on the sample panel when nothing is set up
nightly *ARGS:
    uv run etalage nightly {{ARGS}}

# All tests
test *ARGS:
    uv run pytest {{ARGS}}

# Everything that CI checks
ci:
    .ci/run

# Format, then lint, types and import arrows
check:
    uv run ruff format .
    uv run ruff check --fix .
    uv run mypy
    uv run lint-imports

# One benchmark of tests/benchmarks, for instance: just bench merge
bench NAME *ARGS:
    uv run python tests/benchmarks/{{NAME}}.py {{ARGS}}

# Write again what the documentation shows of a real run (the README's captures and picture, docs/marts.md, answers)
docs:
    uv run python docs/capture.py

# Train the model again from the corpus
train *ARGS:
    uv run --extra train etalage train {{ARGS}}
