using PolicyValidator.Decoding;
using PolicyValidator.Kubernetes;
using PolicyValidator.Readers;
using PolicyValidator.Reporting;
using PolicyValidator.Rules;

namespace PolicyValidator.Cli;

/// <summary>
/// What a folder holds that is not ours: pieces of objects, templates, and files that cannot be read and do not speak of ext_proc. It is
/// counted and not judged; what was named on the command line is judged, unless it is a piece.
/// </summary>
internal sealed class Foreign(IEnumerable<string> named)
{
    private readonly HashSet<string> named = [.. named];
    private readonly List<PassedOverFile> passedOver = [];
    private readonly KustomizePatches patches = new();

    /// <summary>The files to judge.</summary>
    public InputFile[] Without(IEnumerable<InputFile> files) => [.. files.Where(file => !IsForeign(file) && !IsEmpty(file))];

    /// <summary>A report without the files that turned out to be foreign when they were read.</summary>
    public LintReport Without(LintReport report)
    {
        FileReport[] judged = [.. report.Files.Where(file => !IsForeign(file)).Select(Ours)];
        return report with { Files = judged, PassedOver = [.. passedOver.OrderBy(file => file.Path, StringComparer.Ordinal)] };
    }

    /// <summary>An empty file below a directory is not worth reporting.</summary>
    private bool IsEmpty(InputFile file) => file.Source is { Text.Length: 0 } && file.Path != InputFile.StandardInput && !named.Contains(file.Path);

    private bool IsForeign(InputFile file)
    {
        if (file.PassedOver is { } reason)
        {
            return PassOver(file.Path, reason, false);
        }

        bool speaks = file.Source is { } source && TypeUrls.IsSpokenOfIn(source.Text);
        return file.Path != InputFile.StandardInput && patches.Include(file.Path) ? PassOver(file.Path, PassedOverReason.KustomizePatch, speaks)
            : file is { Source: null, IsOurs: false } && !named.Contains(file.Path) && PassOver(file.Path, PassedOverReason.NotOurs, false);
    }

    private bool IsForeign(FileReport file)
    {
        if (named.Contains(file.Source.Name) || file.Findings.Count == 0 || !file.Findings.All(finding => finding.Rule is EP020NotYamlOrJson))
        {
            return false;
        }

        bool speaks = TypeUrls.IsSpokenOfIn(file.Source.Text);
        return file.Source.Text.Contains("{{", StringComparison.Ordinal) ? PassOver(file.Source.Name, PassedOverReason.Template, speaks)
            : !speaks && PassOver(file.Source.Name, PassedOverReason.NotOurs, false);
    }

    /// <summary>
    /// A file of another tool can look like a piece of Envoy's configuration, by one name that both have. What is said about such a piece
    /// counts only where the file speaks of ext_proc.
    /// </summary>
    private FileReport Ours(FileReport file)
    {
        if (file.Findings.Count == 0 || named.Contains(file.Source.Name) || TypeUrls.IsSpokenOfIn(file.Source.Text) || ExtProcWords.MayBeInBase64(file.Source.Text))
        {
            return file;
        }

        Finding[] left = [.. file.Findings.Where(finding => finding.Document is null || KubernetesObject.Is(finding.Document.Root))];
        return left.Length == file.Findings.Count ? file : file with { Findings = left, Found = left.Length > 0 ? file.Found : [] };
    }

    private bool PassOver(string path, PassedOverReason reason, bool speaks)
    {
        passedOver.Add(new(path, reason, speaks));
        return true;
    }
}
