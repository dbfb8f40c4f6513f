/** State and weight type; each build fixes it (`--use real=f64` or `real=f32`). Times are always f64. */
declare type real = number;
/** Defined in the build that tells where its time goes (`--use profiling=f64`). */
declare const profiling: bool;
