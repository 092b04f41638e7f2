Console.WriteLine("this firmware ends");
