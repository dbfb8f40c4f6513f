/** A small valid case as a file holds it, fresh on every call, for tests to spoil. */
export function smallCase() {
  return {
    format: "goldspike/case@1",
    name: "small",
    note: "free text",
    time_unit: "ms",
    duration: 60,
    input: { channels: 3, times: [0.5, 0.5, 7.25, 8], sources: [0, 2, 1, 0] },
    populations: [
      {
        name: "hidden",
        size: 2,
        model: "lif",
        tau_mem: [20, 21] as unknown,
        tau_syn: 5 as unknown,
        threshold: 1 as unknown,
        reset: 0 as unknown,
        bias: [0.01, 0],
        v0: 0 as unknown,
        i0: 0,
      },
      { name: "output", size: 2, model: "li", tau_mem: 20, tau_syn: 5 },
    ] as Record<string, unknown>[],
    projections: [
      {
        from: "input",
        to: "hidden",
        weight: [
          [3.2, 2.3, 2.9],
          [2.1, 3.4, 2.2],
        ] as unknown,
        delay: 0 as unknown,
      },
      {
        from: "hidden",
        to: "hidden",
        weight: [
          [0, 0.1],
          [-0.2, 0],
        ] as unknown,
        delay: [
          [1, 2],
          [0.5, 3],
        ] as unknown,
      },
      {
        from: "hidden",
        to: "output",
        weight: [
          [0.4, -0.3],
          [0.2, 0.5],
        ] as unknown,
      },
    ] as Record<string, unknown>[],
    loss: { kind: "integral_cross_entropy", weighting: "exponential", target: 1 } as Record<string, unknown>,
  };
}

export type SmallCase = ReturnType<typeof smallCase>;
