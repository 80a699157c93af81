// Must not be contracted to a fused multiply-add, whatever the machine has.
double multiply_add(double a, double b, double c) { return a * b + c; }
