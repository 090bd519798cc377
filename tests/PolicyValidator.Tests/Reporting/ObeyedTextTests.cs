using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using PolicyValidator.Cli;
using PolicyValidator.Inputs;
using PolicyValidator.Reporting;
using PolicyValidator.Rules;
using PolicyValidator.Tests.Cli;

namespace PolicyValidator.Tests.Reporting;

/// <summary>Whatever stands in files and their names: what shows a report, be it a terminal or the log of a CI system, obeys nothing in it.</summary>
public sealed partial class ObeyedTextTests : IDisposable
{
    private const string Filter = "\"@type\": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor\n";

    private static readonly string[] Shards =
    [
        "::error::", "::set-output name=a::b", "::stop-commands::x", "::add-mask::", "\n::warning file=a::b\n", "\r\n", "\n", "\r", "%0A", "%", "%25", ",", ":", "\u001b[31m", "\u001b]0;title\u0007", "\b", "\0", "\u007f", "\u0085", "\u009b31m",
        "\u202e", "\u2066", "\u200b", "\u200f", "\u2028", "\u2029", "\ufeff", "\ufffe", "\uffff", "\ud800", "\udc00", "\U000E0041", "\U0001D173", "\U0001F600", "##vso[task.setvariable variable=a]b", "##[set-env name=a]b", "##teamcity[buildStop]", "##",
        "<script>", "]]>", "&#27;", "\"", "'", "\\", "](https://example.test)", "[a](1)", "é", "\t", " ", "  ", "/", "..", "-", "a", "b: c", "ext_proc", "{{", "#", "*", "&",
    ];

    private readonly TempFolder folder = new();

    public static TheoryData<string> Formats => [.. Reporters.Names];

    /// <summary>By the shell too: .NET cannot name all of it.</summary>
    public void Dispose()
    {
        using Process shell = Process.Start("rm", ["-rf", folder.Path]);
        shell.WaitForExit();
    }

    [Theory, MemberData(nameof(Formats))]
    public void No_report_of_any_names_messages_and_values_holds_anything_that_is_obeyed(string format)
    {
        for (int seed = 0; seed < 200; seed++)
        {
            string written = ReportExample.Written(format, Random(new(seed)));
            AssertPlain(format, written, $"seed {seed}");
        }
    }

    [Theory, MemberData(nameof(Formats))]
    public void Nor_does_a_report_of_linted_texts(string format)
    {
        for (int seed = 0; seed < 50; seed++)
        {
            Random random = new(seed);
            string text = $"{Filter}{Quoted(random)}: {Quoted(random)}\ngrpc_service: {{envoy_grpc: {{cluster_name: {Quoted(random)}}}, timeout: {Quoted(random)}, {Quoted(random)}: 1}}\nprocessing_mode: {{request_body_mode: {Quoted(random)}}}\n# {Piece(random)}\n";
            SourceText source = new($"{Piece(random)}.yaml", text);
            LintResult result = Linter.Lint([source], Target.Newest, new());
            AssertPlain(format, ReportExample.Written(format, new(Target.Newest, FileReports.Of(result))), $"seed {seed}");
        }
    }

    /// <summary>The names that a file system takes, those that are no UTF-8 too: made by the shell, because .NET has no way to write them.</summary>
    [Theory, MemberData(nameof(Formats))]
    public void Nor_does_a_run_over_files_with_such_names(string format)
    {
        Make("$'::error file=a::b.yaml'", "$' ::warning::b.yaml'", "$'a\\n::error::b.yaml'", "$'a\\r\\e[31m.yaml'", "$'\\xff\\xfe.yaml'", "$'##vso[task.complete]a.yaml'", "$'\\xe2\\x80\\xae.yaml'", "$'a%0A::error::.yaml'", "$'a,line=1::b.yaml'");
        string working = Directory.GetCurrentDirectory();
        Run named = Run.Of(["lint", "--no-config", "--format", format, .. Directory.GetFiles(folder.Path), "::missing::a.yaml", " ::missing.yaml", "a\n::missing.yaml"]);
        Assert.Equal(working, Directory.GetCurrentDirectory());
        AssertPlain(format, named.Output, format);
        AssertPlain("text", named.Error, "standard error");
        Assert.Equal(ExitCode.Trouble, named.ExitCode);
        Run found = Run.Of("lint", "--no-config", "--format", format, folder.Path);
        AssertPlain(format, found.Output, format);
        AssertPlain("text", found.Error, "standard error");
        Assert.Contains("\uFFFD", found.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistake_in_the_settings_is_told_without_what_is_obeyed()
    {
        string policy = folder.Write("a.yaml", "a: b\n");
        foreach (string settings in (string[])["\"\\e[31m::x\": 1\n", "target: \"\\u202e##vso[a]\"\n", "severity: {\"a\\n::error::b\": error}\n", "baseline: \"a\\n::error::b\"\n"])
        {
            folder.Write(".policy-validator.yaml", settings);
            Run run = Run.Of("lint", policy);
            Assert.Equal(ExitCode.Trouble, run.ExitCode);
            AssertPlain("text", run.Error, settings);
        }
    }

    [Fact]
    public void A_difference_is_the_files_own_text_and_a_workflow_is_told_not_to_obey_it()
    {
        string text = Filter + "grpc_service: {envoy_grpc: {cluster_name: a}}\nprocessing_mode:\n  request_body_mode: FULL_DUPLEX_STREAMED\n# x\n  #\n#\u001b[31m\n::error::x: \"\"\n";
        Run plain = Run.WithInput(text, "lint", "--no-config", "--diff", "--format", "text", "-"), github = Run.WithInput(text, "lint", "--no-config", "--diff", "--format", "github", "-");
        Assert.Contains(" #\u001b[31m\n", plain.Output, StringComparison.Ordinal);
        Match wrapped = Wrapped().Match(github.Output);
        Assert.True(wrapped.Success, github.Output);
        Assert.Equal(plain.Output, wrapped.Groups["diff"].Value);
        StringWriter shown = new();
        CommandLine.Run(["lint", "--no-config", "--diff", "-"], new Terminal(new MemoryStream(Encoding.UTF8.GetBytes(text)), shown, new StringWriter(), OutputIsTerminal: true, NoColour: true));
        AssertPlain("diff", shown.ToString(), "terminal");
    }

    [Theory]
    [InlineData("a b.yaml", "--- a b.yaml\n")]
    [InlineData("a\n+++ /etc/passwd", "--- \"a\\012+++ /etc/passwd\"\n")]
    [InlineData("\u001bé\"\\", "--- \"\\033\\303\\251\\\"\\\\\"\n")]
    public void The_name_over_a_difference_is_one_line(string name, string expected) =>
        Assert.StartsWith(expected, UnifiedDiff.Of(name, "a\n", "b\n"), StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_called_like_a_flag_is_not_taken_for_one()
    {
        string before = Directory.GetCurrentDirectory(), name = $"--envoy={Guid.NewGuid():N}.yaml";
        string path = Path.Combine(before, name);
        File.WriteAllText(path, "a: b\n");
        try
        {
            Run run = Run.Of("lint", "--no-config", name);
            Assert.Equal(ExitCode.Trouble, run.ExitCode);
            Assert.Contains($"write ./{name} for the file, or -- before all names", run.Error, StringComparison.Ordinal);
            Assert.Equal(ExitCode.Clean, Run.Of("lint", "--no-config", "--", name).ExitCode);
            Assert.Equal(ExitCode.Clean, Run.Of("lint", "--no-config", $"./{name}").ExitCode);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void AssertPlain(string format, string written, string about)
    {
        Rune obeyed = written.EnumerateRunes().FirstOrDefault(rune => rune.Value != '\n' && DisplayText.IsControl(rune), new('a'));
        Assert.True(obeyed.Value == 'a', $"{about}: U+{obeyed.Value:X4} in {(obeyed.Value == 'a' ? "" : written)}");
        Assert.DoesNotMatch(@"##[a-zA-Z]*\[", written);
        foreach (string line in written.Split('\n').Where(line => line.TrimStart().StartsWith("::", StringComparison.Ordinal)))
        {
            Assert.True(format == "github" && Regex.IsMatch(line, "^::(error|warning|notice) file=[^:,]*,line=[0-9]+,endLine=[0-9]+(,col=[0-9]+,endColumn=[0-9]+)?,title=[^:,]*::"), $"{about}: {line}");
        }

        AssertWellFormed(format, written);
    }

    private static void AssertWellFormed(string format, string written)
    {
        if (format is "json" or "sarif" or "gitlab")
        {
            Assert.NotNull(JsonNode.Parse(written));
        }
        else if (format is "checkstyle" or "junit")
        {
            Assert.NotNull(XDocument.Parse(written).Root);
        }
    }

    private static LintReport Random(Random random)
    {
        SourceText source = new(Piece(random), Piece(random) + Piece(random) + "\n" + Piece(random)), other = new(Piece(random), "");
        int start = random.Next(source.Text.Length), end = random.Next(start, source.Text.Length + 1);
        Finding[] findings = [.. Enumerable.Range(0, 3).Select(at => new Finding(RuleCatalog.All[at], (Severity)at, source, new(start, end), "/" + Piece(random), Piece(random), Piece(random))
        {
            Why = Piece(random),
            Related = [new(source, new(start, end), Piece(random), Piece(random))],
            Fix = new(Piece(random), true, [new(new(start, end), Piece(random))]),
        })];
        return new(Target.Newest, [new(source, findings[..2], [new(Piece(random), Piece(random), 1)]) { Suppressed = [new(findings[2], SuppressionSource.Comment, Piece(random))] }, new(other, [], [])])
        {
            PassedOver = [new(Piece(random), PassedOverReason.LeadsOut, true), new(Piece(random), PassedOverReason.Template, true)],
        };
    }

    private static string Piece(Random random) => string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => Shards[random.Next(Shards.Length)]));

    /// <summary>A double-quoted YAML scalar with any characters in it.</summary>
    private static string Quoted(Random random) =>
        $"\"{string.Concat(Piece(random).Select(unit => unit is >= 'a' and <= 'z' ? $"{unit}" : $"\\u{(char.IsSurrogate(unit) ? 0x202e : unit):x4}"))}\"";

    private void Make(params string[] names)
    {
        string commands = string.Join('\n', names.Select(name => $"printf '%s\\n' '{Filter.TrimEnd()}' 'a: b' > {name}"));
        using Process shell = Process.Start(new ProcessStartInfo("bash", ["-c", commands]) { WorkingDirectory = folder.Path })!;
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }

    [GeneratedRegex(@"^::stop-commands::(?<word>[0-9a-f]{32})\n(?<diff>.*\n)::\k<word>::\n$", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Wrapped();
}
