/** State and weight type; each build fixes it (`--use real=f64` or `real=f32`). Times are always f64. */
declare type real = number;
