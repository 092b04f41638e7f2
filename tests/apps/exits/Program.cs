using NanoOta;

Console.WriteLine($"this firmware takes its process down, after a reset by {ResetReasons.Text(new NativeBootControl().ResetReason)}");
Environment.Exit(1);
