using Envoy.Runner;

namespace ExtProc.TestTool;

/// <summary>Says which tests wait for an Envoy.</summary>
internal static class WaitingCommand
{
    public static int Run(string trx)
    {
        if (File.Exists(trx))
        {
            Tell(TestResult.Read(trx).Results);
        }

        return ExitCode.Ok;
    }

    /// <summary>A line for each class with such tests; nothing when there are none.</summary>
    public static void Tell(IEnumerable<TestResult> results)
    {
        TestResult[] waiting = [.. results.Where(result => result.IsWaiting)];
        if (waiting.Length == 0)
        {
            return;
        }

        Console.WriteLine($"{waiting.Length} tests wait for an Envoy; {EnvoyMissingException.HowToGetOne}:");
        foreach (IGrouping<string, TestResult> ofClass in waiting.GroupBy(result => result.Class).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            Console.WriteLine($"  {ofClass.Count(),5}  {ofClass.Key}");
        }
    }
}
