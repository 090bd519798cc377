using PolicyValidator.Inputs;
using PolicyValidator.Reporting;
using PolicyValidator.Rules;

namespace PolicyValidator.Cli;

/// <summary>Asks a real Envoy about the files of a report, and says where it disagrees with us.</summary>
internal sealed class EnvoyComparison(RealEnvoy envoy, TextWriter error)
{
    /// <summary>Words by which Envoy's reasons name what we judge; a bootstrap can be refused for many other things.</summary>
    private static readonly string[] OurWords =
        ["ext_proc", "ExternalProcessor", "ExtProc", "http filter chain", "descriptor expression", "typed_per_filter_config", "per filter configuration"];

    /// <summary>Asks about all files.</summary>
    /// <returns>Whether it disagrees about any.</returns>
    public bool Disagrees(IEnumerable<SourceText> sources)
    {
        if (envoy.Target is not { } target)
        {
            error.Write($"Envoy {envoy.Said} is not a release that is known here ({Target.Allowed}); it was not asked\n");
            return false;
        }

        int disagreements = sources.Count(source => Disagrees(source, target));
        error.Write(disagreements == 0 ? $"Envoy {envoy.Said} agrees\n" : $"Envoy {envoy.Said} disagrees about {disagreements} of the files: a defect of policy-validator\n");
        return disagreements > 0;
    }

    private bool Disagrees(SourceText source, Target target)
    {
        LintResult result = Linter.Lint([source], target, new LintOptions());
        if (!FileReports.Of(result)[0].HasExtProc)
        {
            return false;
        }

        if (result.Policies.Documents is not [var document] || EnvoySkeleton.Around(document) is not { } file)
        {
            return Say(source, "this kind of file cannot be asked about by itself; it was not compared", false);
        }

        string? reason = Ask(file, document.Format);
        // What a comment hides from the report is still what we say of the file.
        bool refused = result.Findings.Concat(result.Suppressed.Select(each => each.Finding)).Any(finding => finding.Severity == Severity.Error);
        return (reason, refused) switch
        {
            (null, true) => Say(source, $"Envoy {envoy.Said} accepts this file, but an error was found in it", true),
            ({ }, false) when OurWords.Any(word => reason.Contains(word, StringComparison.Ordinal)) =>
                Say(source, $"Envoy {envoy.Said} refuses this file, but no error was found in it: {reason}", true),
            ({ }, false) => Say(source, $"Envoy {envoy.Said} refuses this file for something that is not judged here: {reason}", false),
            _ => false,
        };
    }

    private string? Ask(string text, SourceFormat format)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("policy-validator-");
        try
        {
            string file = Path.Combine(folder.FullName, format == SourceFormat.Json ? "envoy.json" : "envoy.yaml");
            File.WriteAllText(file, text);
            return envoy.Refuses(file);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private bool Say(SourceText source, string text, bool disagrees)
    {
        error.Write($"{DisplayText.Safe(source.Name)}: {DisplayText.Safe(text)}\n");
        return disagrees;
    }
}
