using NanoOta;

Console.WriteLine($"this firmware overflows its stack, after a reset by {ResetReasons.Text(new NativeBootControl().ResetReason)}");
return Deeper(0);

static int Deeper(int depth) => depth < 0 ? 0 : Deeper(depth + 1) + 1;
