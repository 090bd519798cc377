using PolicyValidator.Fixes;
using PolicyValidator.Inputs;
using PolicyValidator.Reporting;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Reporting;

/// <summary>A report with one finding of each severity, odd characters everywhere, and a clean file.</summary>
internal static class ReportExample
{
    public const string Text = "a: b\nkey: \"värde\"\nlist:\n  - x: 1\n";

    public static LintReport Report { get; } = Of("/checkout/sub/odd: 100%, naïve.yaml");

    public static LintReport Of(string path)
    {
        SourceText source = new(path, Text), clean = new("/checkout/clean.yaml", "a: b\n");
        Fix fix = new("set it", true, [new(new(3, 4), "\"c\"\n")]);
        Finding[] findings =
        [
            Finding(0, source, "b", Severity.Hint, "worth knowing"),
            Finding(1, source, "\"värde\"", Severity.Error, "50% <odd> & \"quoted\"\r\nfound, here: there\u0007\u001b\uFFFF") with { Fix = fix },
            Finding(2, source, "- x: 1", Severity.Warning, "found"),
        ];
        return new(Target.Newest, [new(source, findings, [new("filter", "EnvoyFilter", 2)]), new(clean, [], [])]) { Root = "/checkout" };
    }

    public static string Written(string format, LintReport report)
    {
        StringWriter output = new() { NewLine = "\n" };
        Reporters.Named(format, colours: false).Write(report, output);
        return output.ToString();
    }

    private static Finding Finding(int rule, SourceText source, string at, Severity severity, string message)
    {
        int start = source.Text.IndexOf(at, StringComparison.Ordinal);
        return new(RuleCatalog.All[rule], severity, source, new(start, start + at.Length), $"/list/{rule}", message, "write this");
    }
}
