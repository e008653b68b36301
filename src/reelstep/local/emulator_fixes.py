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
- Functions outlive an emulator that was killed, and would go on working for a job that its next
  start has given to another attempt.
- New code for a function kills what the old one is in the middle of.
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
from ministack.services import apigateway, lambda_svc, stepfunctions

#: MB from which a function has a whole vCPU on Lambda and is counted against the cores here.
ONE_VCPU_MB = 1769

#: What the worker says when its process is gone, and AWS's name for that.
_DIED = "Worker process died"
_DIED_ERROR = "Runtime.ExitError"

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
    _let_old_code_finish()
    _find_cors_settings()
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
        response: dict[str, Any] = invoke(self, *args, **kwargs)
        last.error_type = response.get("error_type")
        if response.get("error") == _DIED:
            last.error_type = _DIED_ERROR
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
