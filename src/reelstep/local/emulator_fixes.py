"""Where MiniStack 1.5.33 differs from AWS in a way that films notice, and how that is mended.

The version is pinned, each mend checks that what it replaces is still there, and tests/local shows
the behaviour on the running emulator. Written down in docs/decisions/0003.

- An exception in a Python function is reported as `Runtime.HandlerError`; on AWS its class name is
  the error that Retry and Catch of a state machine match.
- A Parallel state ignores the JSONata fields Arguments, Assign and Output, and what one of its
  branches assigns is seen outside of it.
- Concurrency over the account's limit fails at once. On AWS that limit is a thousand; on a laptop
  it is the number of cores, so Step Functions tasks wait here for a free core instead. Their
  TimeoutSeconds starts when they have one.
- Each of a hundred requests at once gets a process of its own, and starting those takes longer than
  a request may. They wait here for one of a few.
  Requests that are held wait for others, so that those which are not go past them.
- Functions outlive an emulator that was killed, and would go on working for a job that its next
  start has given to another attempt.
- New code for a function kills what the old one is in the middle of.
- A function that dies while it starts, or before it has read its event, has an error of the
  emulator's own making; one that dies later has none. On AWS all are `Runtime.ExitError`.
- A snapshot of the tables is taken while requests change them: half of a transaction can be in it.
- Stream positions outlive the records that they count, so that after a restart a consumer would
  miss as many changes as it has seen before.
- A client may write every attribute of its user, whatever its WriteAttributes say: also `sub`,
  which makes one user another, and `cognito:groups`, which becomes a claim of its tokens.
- CORS settings that come through CloudFormation are not found again.
- Bucket policies that refuse plain HTTP are enforced, and the emulator speaks plain HTTP. What
  never leaves the machine counts as encrypted here, so that those policies stay in the template.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from ministack import app as gateway
from ministack.core import lambda_runtime
from ministack.services import apigateway, cognito, dynamodb, lambda_svc, stepfunctions

#: MB from which a function has a whole vCPU on Lambda and is counted against the cores here.
ONE_VCPU_MB = 1769

#: Functions in which requests wait for something to happen, and how many of them at once.
HOLDING, HELD = ("stream",), 16

#: AWS's name for a process that is gone, and what MiniStack says of one that is gone at its start.
_DIED_ERROR = "Runtime.ExitError"
_DIED_AT_START = "Worker process exited immediately"
_TIMED_OUT = "Task timed out after"

#: The calls that change rows.
_WRITES = ("put_item", "update_item", "delete_item", "batch_write_item", "transact_write_items")

_ERROR = '"error": str(e), "trace": traceback.format_exc()'
_LOOP = "    while True:\n        line = sys.stdin.readline()"
_WATCH = """    import signal, threading
    _parent = os.getppid()
    def _leave_with_parent():
        while os.getppid() == _parent:
            time.sleep(0.5)
        os.killpg(os.getpgid(0), signal.SIGKILL)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
"""


class EmulatorChanged(Exception):
    """The installed MiniStack is not the one these mends were written for."""


def apply(cores: int) -> None:
    """Mend the emulator of this process, before it serves. Raises EmulatorChanged."""
    _mend_worker_script()
    _report_error_names()
    _read_jsonata_of_parallel_states()
    _wait_for_cores(cores)
    _let_requests_wait(cores)
    _let_old_code_finish()
    _snapshot_tables_between_writes()
    _begin_streams_anew()
    _find_cors_settings()
    _guard_attributes()
    _trust_loopback()


def _mend_worker_script() -> None:
    script = lambda_runtime._PYTHON_WORKER_SCRIPT
    for part in (_ERROR, _LOOP):
        if script.count(part) != 1:
            raise EmulatorChanged(f"the worker script has no {part!r}")
    script = script.replace(_ERROR, f'"error_type": type(e).__name__, {_ERROR}')
    # Workers share the emulator's process group, which is its own session's.
    script = script.replace(_LOOP, _WATCH + _LOOP)
    lambda_runtime._PYTHON_WORKER_SCRIPT = script


def _report_error_names() -> None:
    """The warm executor runs an invocation on one thread, which carries the name past it."""
    last = threading.local()
    invoke = lambda_runtime.Worker.invoke
    execute = lambda_svc._execute_function_warm

    @wraps(invoke)
    def invoke_and_note(self: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        try:
            response: dict[str, Any] = invoke(self, *args, **kwargs)
        except BrokenPipeError:
            last.error_type = _DIED_ERROR
            raise
        except RuntimeError as error:
            last.error_type = _DIED_ERROR if str(error).startswith(_DIED_AT_START) else None
            raise
        last.error_type = _error_type(response)
        return response

    @wraps(execute)
    def execute_with_name(*args: Any, **kwargs: Any) -> dict[str, Any]:
        last.error_type = None
        result: dict[str, Any] = execute(*args, **kwargs)
        body = result.get("body")
        if last.error_type and result.get("error") and isinstance(body, dict):
            body["errorType"] = last.error_type
        return result

    lambda_runtime.Worker.invoke = invoke_and_note
    lambda_svc._execute_function_warm = execute_with_name


def _error_type(response: dict[str, Any]) -> str | None:
    """The exception's class; Lambda's own name when no handler raised one; None for MiniStack's."""
    if response.get("status") != "error" or "error_type" in response:
        return response.get("error_type")
    return None if str(response.get("error")).startswith(_TIMED_OUT) else _DIED_ERROR


def _read_jsonata_of_parallel_states() -> None:
    run_branches: Callable[..., tuple[Any, str | None]] = stepfunctions._run_parallel_branches
    run_branch: Callable[..., Any] = stepfunctions._run_sub_machine

    @wraps(run_branches)
    def run_with_jsonata(
        state: dict[str, Any], given: Any, execution: Any, context: dict[str, Any]
    ) -> tuple[Any, str | None]:
        if stepfunctions._state_query_language(state, context) != "JSONata":
            return run_branches(state, given, execution, context)
        arguments = stepfunctions._apply_jsonata_arguments(state, given, context)
        result, next_state = run_branches(state, arguments, execution, context)
        output = stepfunctions._apply_jsonata_output(
            state, given, context, result=result, default=result
        )
        stepfunctions._apply_state_assign(state, given, context, result=result)
        return output, next_state

    @wraps(run_branch)
    def run_in_own_scope(
        states: Any, start_at: Any, given: Any, execution: Any, context: dict[str, Any]
    ) -> Any:
        return run_branch(states, start_at, given, execution, copy.deepcopy(context))

    stepfunctions._run_parallel_branches = run_with_jsonata
    stepfunctions._run_sub_machine = run_in_own_scope


def _wait_for_cores(cores: int) -> None:
    heavy, light = Turns(cores), Turns(max(8, 4 * cores))
    invoke: Callable[[str, Any, float], Any] = stepfunctions._invoke_resource_with_timeout

    @wraps(invoke)
    def invoke_in_turn(resource: str, input_data: Any, timeout: float) -> Any:
        memory = _memory_mb(resource)
        if memory is None:
            return invoke(resource, input_data, timeout)
        with (heavy if memory >= ONE_VCPU_MB else light).turn():
            return invoke(resource, input_data, timeout)

    stepfunctions._invoke_resource_with_timeout = invoke_in_turn


def _let_requests_wait(cores: int) -> None:
    """A request that waits has not begun: its function's timeout starts with its turn."""
    turns, held = Turns(max(4, 2 * cores)), Turns(HELD)
    run: Callable[..., Any] = apigateway.run_reentrant

    @wraps(run)
    async def run_in_turn(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        # The record of the function, or its configuration.
        record = args[0] if args and isinstance(args[0], dict) else {}
        name = str(record.get("config", record).get("FunctionName", ""))
        mine = held if name.endswith(tuple(f"-{one}" for one in HOLDING)) else turns

        def in_turn(*given: Any) -> Any:
            with mine.turn():
                return function(*given)

        return await run(in_turn, *args, **kwargs)

    apigateway.run_reentrant = run_in_turn


def _let_old_code_finish() -> None:
    """An update takes workers out of their pool; one that is busy ends after its invocation."""
    kill, release = lambda_runtime.kill_workers, lambda_svc.release_worker

    @wraps(kill)
    def kill_idle(workers: list[Any]) -> None:
        kill([worker for worker in workers if worker is not None and not worker.in_use])

    @wraps(release)
    def release_or_end(worker: Any) -> None:
        release(worker)
        with lambda_runtime._lock:
            pooled = any(worker in pool for pool in lambda_runtime._workers.values())
        if worker is not None and not pooled:
            kill([worker])

    lambda_runtime.kill_workers = kill_idle
    lambda_svc.release_worker = release_or_end


def _snapshot_tables_between_writes() -> None:
    """Writes and snapshots take turns, on the lock that MiniStack's own expiry of items takes.

    A row is replaced and never changed, so that a snapshot holds the lock for as long as it takes
    to list the rows and not to copy them.
    """
    names = dynamodb.get_state()  # nothing is in it yet
    if any(not hasattr(dynamodb, f"_{name}") for name in names):
        raise EmulatorChanged(f"the state of DynamoDB is {sorted(names)}")
    for name in _WRITES:
        setattr(dynamodb, f"_{name}", _locked(getattr(dynamodb, f"_{name}")))

    def get_state() -> dict[str, Any]:
        tables = type(dynamodb._tables)()
        with dynamodb._lock:
            for scope, table in dynamodb._tables.all_items():
                fields = {k: v for k, v in table.items() if k != dynamodb._INDEX_MEMBERS}
                rows = {pk: dict(under) for pk, under in table["items"].items()}
                tables._data[scope] = {**fields, "items": rows}
        others = {name: getattr(dynamodb, f"_{name}") for name in names if name != "tables"}
        return {**copy.deepcopy(others), "tables": tables}

    dynamodb.get_state = get_state


def _locked(write: Callable[[Any], Any]) -> Callable[[Any], Any]:
    @wraps(write)
    def write_alone(data: Any) -> Any:
        with dynamodb._lock:
            return write(data)

    return write_alone


def _begin_streams_anew() -> None:
    load: Callable[[Any], None] = lambda_svc.load_persisted_state

    @wraps(load)
    def load_without_positions(data: Any) -> None:
        load(data)
        with lambda_svc._dynamodb_stream_positions_lock:
            positions = lambda_svc._dynamodb_stream_positions._data
            positions.update(dict.fromkeys(positions, 0))

    lambda_svc.load_persisted_state = load_without_positions


def _find_cors_settings() -> None:
    """CloudFormation spells them AllowOrigins, the API's own calls and its reader allowOrigins."""
    for name in ("_cors_response_headers", "_cors_preflight_response"):
        setattr(apigateway, name, _with_lower_keys(getattr(apigateway, name)))


def _with_lower_keys(answer: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(answer)
    def answer_to(settings: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        lower = {key[:1].lower() + key[1:]: value for key, value in (settings or {}).items()}
        return answer(lower, *args, **kwargs)

    return answer_to


def _guard_attributes() -> None:
    for name in ("_sign_up", "_update_user_attributes"):
        setattr(cognito, name, _writing_what_is_allowed(getattr(cognito, name)))


def _writing_what_is_allowed(write: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(write)
    def write_if_allowed(data: dict[str, Any]) -> Any:
        claims = cognito._token_claims(data.get("AccessToken") or "") or {}
        client_id = data.get("ClientId") or claims.get("client_id")
        pool = cognito._pool_for_client(client_id)[0] or {}
        client = pool.get("_clients", {}).get(client_id) or {}
        allowed = set(client.get("WriteAttributes") or [])
        named = {item.get("Name") for item in data.get("UserAttributes") or []}
        if allowed and named - allowed:
            return cognito.error_response_json(
                "NotAuthorizedException", "A client attempted to write unauthorized attribute", 400
            )
        return write(data)

    return write_if_allowed


def _trust_loopback() -> None:
    pin: Callable[[str, bool], None] = gateway.pin_request_origin

    @wraps(pin)
    def pin_as_secure(source_ip: str, secure_transport: bool) -> None:
        pin(source_ip, secure_transport or source_ip == "127.0.0.1")

    gateway.pin_request_origin = pin_as_secure


def _memory_mb(resource: str) -> int | None:
    if ":lambda:" not in resource or ":function:" not in resource:
        return None
    _function, config, _name = lambda_svc._get_func_record_for_ref(resource)
    return int(config.get("MemorySize", 128)) if config else None


class Turns:
    """At most `places` at once, strictly in the order of arrival.

    A plain semaphore lets a late comer overtake, and a film could starve behind a busy one.
    """

    def __init__(self, places: int):
        self._free = places
        self._waiting: list[threading.Event] = []
        self._lock = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a place and hold it for the block."""
        mine = threading.Event()
        with self._lock:
            if self._free:
                self._free -= 1
                mine.set()
            else:
                self._waiting.append(mine)
        mine.wait()
        try:
            yield
        finally:
            with self._lock:
                if self._waiting:
                    self._waiting.pop(0).set()
                else:
                    self._free += 1
