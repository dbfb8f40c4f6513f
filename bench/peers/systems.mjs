// The systems that bench/peers.mjs runs: which program of this folder, in which virtual environment, in which variants.

/** `package`: whose version is printed; `threads`, `dt`: the only ones that make sense, where there are such. */
export const systems = [
  { name: "goldspike", program: "goldspike.mjs", variants: ["f32", "f64"] },
  {
    name: "PyTorch",
    program: "pytorch_bptt.py",
    venv: "torch",
    package: "torch",
    variants: ["manual", "compiled", "autograd"],
  },
  { name: "Spyx", program: "spyx_bptt.py", venv: "jax", package: "spyx", variants: ["plain"] },
  {
    name: "norse",
    program: "norse_bptt.py",
    venv: "torch",
    package: "norse",
    variants: ["compiled", "plain"],
  },
  { name: "snnTorch", program: "snntorch_bptt.py", venv: "torch", package: "snntorch", variants: ["plain"] },
  {
    name: "SpikingJelly",
    program: "spikingjelly_bptt.py",
    venv: "torch",
    package: "spikingjelly",
    variants: ["plain"],
  },
];

/** Rows without figures of ours. */
export const absent = [
  {
    system: "mlGeNN",
    why: "cannot be installed from PyPI; 11.7 ms of CPU time per sample at batch 1, dt 1 ms, 1 thread, on an EPYC (Zen 4), measured apart from these",
  },
  {
    system: "eventax",
    why: "no task of this size: its trials are event by event with a solver of differential equations, some seconds each, and it takes no batches",
  },
  { system: "jaxsnn", why: "solves tau_mem = tau_syn and tau_mem = 2 tau_syn only; here it is 4 tau_syn" },
];
