namespace ExtProc.TestTool;

/// <summary>Adds up the results of all test projects. Beside each .trx file an .exit file holds what its run ended with.</summary>
internal static class SumCommand
{
    private const int MessageLines = 12, MessageWidth = 400;

    public static int Run(string folder)
    {
        List<TestResult> all = [];
        int endedEarly = 0;
        foreach (string exit in ExitFiles(folder))
        {
            (IReadOnlyList<TestResult> results, bool isAborted) = TestResult.Read(Path.ChangeExtension(exit, ".trx"));
            all.AddRange(results);
            foreach (TestResult failure in results.Where(result => result.IsFailed))
            {
                TellFailure(failure);
            }

            if (isAborted || (!results.Any(result => result.IsFailed) && File.ReadAllText(exit).Trim() != "0"))
            {
                Console.WriteLine($"{Path.GetFileNameWithoutExtension(exit)} ended early: its tests hung, crashed or never started");
                endedEarly++;
            }
        }

        return Sum(all, endedEarly);
    }

    private static IEnumerable<string> ExitFiles(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.exit", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : [];

    private static int Sum(List<TestResult> all, int endedEarly)
    {
        int passed = all.Count(result => result.IsPassed), failed = all.Count(result => result.IsFailed) + endedEarly;
        all.Where(result => result.IsSkipped).ToList().ForEach(skipped => Console.WriteLine($"skipped: {skipped.Name}: {skipped.Message}"));
        if (all.Any(result => result.IsSkipped))
        {
            Console.WriteLine("a test that is skipped proves nothing here: remove it or make it run");
        }

        WaitingCommand.Tell(all);
        Console.WriteLine($"{passed} passed, {failed} failed, {all.Count(result => result.IsSkipped || result.IsWaiting)} skipped");
        return failed > 0 || passed == 0 || all.Any(result => result.IsSkipped) ? ExitCode.Failed : ExitCode.Ok;
    }

    /// <summary>With the start of what it said: the console's own lines scroll away in a long run.</summary>
    private static void TellFailure(TestResult failure)
    {
        Console.WriteLine($"failed: {failure.Name}");
        foreach (string line in (failure.Message.Length == 0 ? "no message" : failure.Message).Split('\n').Take(MessageLines))
        {
            Console.WriteLine($"  {(line.Length <= MessageWidth ? line : line[..MessageWidth])}");
        }
    }
}
