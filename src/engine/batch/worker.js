// A thread that takes part in the kernel's work whenever the main thread calls: control[0] counts the calls (negative: the
// end), control[1] the threads that are done with the present one, control[2] those whose kernel failed.
import { parentPort, workerData } from "node:worker_threads";

const { module, memory, control, work } = workerData;
const kernel = new WebAssembly.Instance(module, { env: { memory } }).exports;
parentPort.postMessage("ready");

for (let call = 0; ; ) {
  Atomics.wait(control, 0, call);
  call = Atomics.load(control, 0);
  if (call < 0) break;
  try {
    kernel.work(work);
  } catch {
    Atomics.add(control, 2, 1);
  }
  Atomics.add(control, 1, 1);
  Atomics.notify(control, 1);
}
