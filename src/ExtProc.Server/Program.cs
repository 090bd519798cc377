Console.WriteLine(typeof(Program).Assembly.GetName().Version?.ToString(3));
