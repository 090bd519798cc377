using System.Xml.Linq;

namespace ExtProc.TestTool;

/// <summary>What became of a test.</summary>
/// <param name="Name">its display name</param>
/// <param name="Class">the full name of its class</param>
/// <param name="Outcome">as .trx files call it: Passed, Failed, NotExecuted and others</param>
/// <param name="Message">what it said; empty for nothing</param>
internal sealed record TestResult(string Name, string Class, string Outcome, string Message)
{
    /// <summary>How the reason of a test begins that waits for an Envoy; tests/Shared/Waiting writes it.</summary>
    private const string Waits = "waits for an Envoy";

    /// <summary>It needs an Envoy that is not there.</summary>
    public bool IsWaiting => Outcome == "NotExecuted" && Message.StartsWith(Waits, StringComparison.Ordinal);

    /// <summary>It did not run, for another reason.</summary>
    public bool IsSkipped => Outcome == "NotExecuted" && !IsWaiting;

    /// <summary>It passed.</summary>
    public bool IsPassed => Outcome == "Passed";

    /// <summary>It failed, or came to no end.</summary>
    public bool IsFailed => Outcome is not ("Passed" or "NotExecuted");

    /// <summary>The results in a .trx file, and whether the run came to its end.</summary>
    public static (IReadOnlyList<TestResult> Results, bool IsAborted) Read(string trx)
    {
        if (!File.Exists(trx))
        {
            return ([], true);
        }

        XElement run = XDocument.Load(trx).Root!;
        XNamespace ns = run.Name.Namespace;
        Dictionary<string, string> classes = run.Descendants(ns + "UnitTest")
            .ToDictionary(test => (string)test.Attribute("id")!, test => (string?)test.Element(ns + "TestMethod")?.Attribute("className") ?? "");
        bool isAborted = run.Descendants(ns + "Text").Any(text => text.Value.Contains("aborted", StringComparison.OrdinalIgnoreCase));
        return ([.. run.Descendants(ns + "UnitTestResult").Select(result => new TestResult(
            (string?)result.Attribute("testName") ?? "",
            classes.GetValueOrDefault((string?)result.Attribute("testId") ?? "", ""),
            (string?)result.Attribute("outcome") ?? "",
            MessageOf(result, ns)))], isAborted);
    }

    /// <summary>A failure's message; a skipped test's reason stands in its output.</summary>
    private static string MessageOf(XElement result, XNamespace ns) =>
        (result.Descendants(ns + "Message").FirstOrDefault() ?? result.Descendants(ns + "StdOut").FirstOrDefault())?.Value.Trim() ?? "";
}
