import { describe, expect, test } from "vitest";
import { backoffDelay } from "../src/backoff.js";
import { Liveness } from "../src/protocol/liveness.js";

/** Lets a timer ring every `stepMs` from `from` on until something is to be done; gives what and when. */
function run(liveness: Liveness, from: number, stepMs: number, waiting = false): [string, number] {
  for (let now = from; ; now += stepMs) {
    const verdict = liveness.check(waiting, now);
    if (verdict !== "ok") return [verdict, now];
  }
}

function started(): Liveness {
  const liveness = new Liveness();
  liveness.start(0);
  return liveness;
}

describe("liveness", () => {
  test("visible: a probe after 25 s of silence, dead 5 s later", () => {
    const liveness = started();
    expect(run(liveness, 0, 100)).toEqual(["probe", 25_000]);
    expect(run(liveness, 25_100, 100)).toEqual(["dead", 30_000]);
  });

  test("while a call waits: 5 s and 5 s", () => {
    const liveness = started();
    expect(run(liveness, 0, 100, true)).toEqual(["probe", 5_000]);
    expect(run(liveness, 5_100, 100, true)).toEqual(["dead", 10_000]);
  });

  test("anything heard starts anew, but the client itself never says nothing for longer than 25 s", () => {
    const liveness = started();
    expect(run(liveness, 0, 100)).toEqual(["probe", 25_000]);
    liveness.sent(25_000);
    liveness.heard(26_000);
    expect(run(liveness, 26_000, 100)).toEqual(["probe", 50_000]);
    liveness.sent(50_000);
    liveness.heard(50_001);
    liveness.sent(60_000);
    expect(run(liveness, 50_100, 1)).toEqual(["probe", 75_001]);
  });

  test("hidden, woken once a minute: at least 75 s of silence are forgiven", () => {
    const liveness = started();
    liveness.hint(true);
    expect(run(liveness, 60_000, 60_000)).toEqual(["probe", 60_000]);
    const [verdict, now] = run(liveness, 120_000, 60_000);
    // That timer rang late too: what came meanwhile may not have been read.
    expect([verdict, now]).toEqual(["probe", 120_000]);
    expect(run(liveness, 120_001, 1_000)[0]).toBe("dead");
  });

  test("after a sleep the peer is asked once more before it is given up", () => {
    const liveness = started();
    expect(run(liveness, 25_000, 100)).toEqual(["probe", 25_000]);
    expect(liveness.check(false, 3_600_000)).toBe("probe");
    expect(liveness.check(false, 3_604_999)).toBe("ok");
    expect(liveness.check(false, 3_605_000)).toBe("dead");
  });

  test("shown again: a probe after 5 s of silence", () => {
    const liveness = started();
    liveness.hint(true);
    liveness.hint(false);
    expect(run(liveness, 0, 100)).toEqual(["probe", 5_000]);
  });
});

test("the delay is anything up to a ceiling that doubles from 0.5 s to 15 s", () => {
  const ceilings = Array.from({ length: 8 }, (_, attempt) => backoffDelay(attempt, 1));
  expect(ceilings).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
  expect(backoffDelay(1000, 1)).toBe(15_000);
  expect([backoffDelay(3, 0), backoffDelay(3, 0.25)]).toEqual([0, 1000]);
});
