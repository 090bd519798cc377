using ExtProc.Demo;

if (!DemoOptions.TryParse(args, out var options, out string? message))
{
    Console.Error.WriteLine(message);
    return message == DemoOptions.Usage ? ExitCode.Ok : ExitCode.CannotRun;
}

return await DemoRun.RunAsync(options);
