Console.WriteLine("this firmware takes its process down");
Environment.Exit(1);
