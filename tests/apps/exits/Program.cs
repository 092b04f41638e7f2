using NanoOta;

Console.WriteLine($"this firmware takes its process down, after a reset by {new LastReset().Text}");
Environment.Exit(1);
