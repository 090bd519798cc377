using System.Text;
using PolicyValidator.Rules;

namespace PolicyValidator.Reporting;

/// <summary>Everything that is printed about rules: the table of the README and of <c>rules</c>, RULES.md, and <c>explain</c>.</summary>
internal static class RuleDocuments
{
    /// <summary>A row a rule, as a Markdown table.</summary>
    public static string Table()
    {
        StringBuilder table = new("| id | name | severity | fix | Envoy | what it asks for |\n|---|---|---|---|---|---|\n");
        foreach (Rule rule in RuleCatalog.All)
        {
            table.Append($"| {rule.Id} | {rule.Name} | {SeverityNames.Of(rule.Severity)} | {FixOf(rule)} | {rule.Versions} | {rule.Summary} |\n");
        }

        return table.ToString();
    }

    /// <summary>The sections of RULES.md.</summary>
    public static string Sections() => string.Join('\n', RuleCatalog.All.Select(Section));

    /// <summary>One rule, as its section of RULES.md.</summary>
    public static string Explain(Rule rule) => Section(rule);

    private static string Section(Rule rule) => $"""
        ## {rule.Id} {rule.Name}

        {rule.Summary}

        - Severity: {SeverityNames.Of(rule.Severity)} ({Meaning(rule.Severity)})
        - Envoy: {rule.Versions}
        - Fix: {FixOf(rule)}
        - Sources: {string.Join("; ", rule.Sources)}

        Why: {rule.Why}

        Bad:

        ```yaml
        {rule.Bad.TrimEnd('\n')}
        ```

        Good:

        ```yaml
        {rule.Good.TrimEnd('\n')}
        ```

        Reported as:

        ```text
        {Report(rule)}
        ```

        """;

    /// <summary>What the text reporter prints for the bad example.</summary>
    private static string Report(Rule rule)
    {
        StringWriter output = new() { NewLine = "\n" };
        TextReporter reporter = new(Palette.None);
        LintResult result = Linter.Lint([new("policy.yaml", rule.Bad)], rule.ExampleTarget, new LintOptions());
        foreach (Finding finding in result.Findings.Where(finding => finding.Rule == rule))
        {
            reporter.WriteFinding(finding, finding.Source, rule.ExampleTarget, output);
        }

        return output.ToString().TrimEnd('\n');
    }

    private static string FixOf(Rule rule) => rule.Fix switch
    {
        FixSafety.Safe => "safe",
        FixSafety.Unsafe => "unsafe",
        _ => "none",
    };

    private static string Meaning(Severity severity) => severity switch
    {
        Severity.Error => "this Envoy refuses it",
        Severity.Warning => "accepted, but it hangs, truncates, bypasses or does nothing",
        _ => "depends on the server or the traffic",
    };
}
