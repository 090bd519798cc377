namespace PolicyValidator.Reporting;

/// <summary>Why a file is not judged.</summary>
public enum PassedOverReason
{
    /// <summary>A kustomization names it as a patch: it is a piece of an object.</summary>
    KustomizePatch,

    /// <summary>A template, such as Helm's: what comes of it cannot be known.</summary>
    Template,

    /// <summary>No text that can be read, and without a word of ext_proc.</summary>
    NotOurs,

    /// <summary>A pipe, a socket or a device: reading it may never end.</summary>
    NotAFile,

    /// <summary>A link that leads out of the checkout, or to nothing.</summary>
    LeadsOut,
}

/// <summary>A file that was found and is not judged.</summary>
/// <param name="Path">The path as it was found.</param>
/// <param name="Reason">Why it is not judged.</param>
/// <param name="SpeaksOfExtProc">Whether ext_proc is spoken of in it.</param>
public sealed record PassedOverFile(string Path, PassedOverReason Reason, bool SpeaksOfExtProc)
{
    // Enough to find the others.
    private const int MostNamed = 3;

    /// <summary>The reason in a report for programs.</summary>
    internal string ReasonName => Reason switch
    {
        PassedOverReason.KustomizePatch => "kustomize-patch",
        PassedOverReason.Template => "template",
        PassedOverReason.NotAFile => "not-a-file",
        PassedOverReason.LeadsOut => "leads-out",
        _ => "not-ours",
    };

    /// <summary>A line for each reason: how many files, and what to lint in their place.</summary>
    internal static IEnumerable<string> Lines(IReadOnlyList<PassedOverFile> files) =>
        from reason in Enum.GetValues<PassedOverReason>()
        let those = files.Where(file => file.Reason == reason).ToArray()
        where those.Length > 0
        select $"passed over {Words(reason, those.Length)}{Named(reason, those)}";

    private static string Words(PassedOverReason reason, int count) => (reason, count) switch
    {
        (PassedOverReason.KustomizePatch, 1) => "1 patch of a kustomization: lint what kustomize build makes of it",
        (PassedOverReason.KustomizePatch, _) => $"{count} patches of kustomizations: lint what kustomize build makes of them",
        (PassedOverReason.Template, 1) => "1 template: lint what comes of it, as by helm template",
        (PassedOverReason.Template, _) => $"{count} templates: lint what comes of them, as by helm template",
        (PassedOverReason.NotAFile, 1) => "1 pipe, socket or device",
        (PassedOverReason.NotAFile, _) => $"{count} pipes, sockets and devices",
        (PassedOverReason.LeadsOut, 1) => "1 link that leads out of the checkout or to nothing: lint what it points to by its own name",
        (PassedOverReason.LeadsOut, _) => $"{count} links that lead out of the checkout or to nothing: lint what they point to by its own name",
        (_, 1) => "1 file that is neither YAML nor JSON and does not speak of ext_proc",
        _ => $"{count} files that are neither YAML nor JSON and do not speak of ext_proc",
    };

    /// <summary>The files that somebody may want to look at: those that speak of ext_proc, and those of which nobody could tell.</summary>
    private static string Named(PassedOverReason reason, PassedOverFile[] files) => reason is PassedOverReason.NotAFile or PassedOverReason.LeadsOut
        ? Listed("", files)
        : Listed("of ext_proc: ", [.. files.Where(file => file.SpeaksOfExtProc)]);

    private static string Listed(string intro, PassedOverFile[] files) => files.Length == 0
        ? ""
        : $" ({intro}{string.Join(", ", files.Take(MostNamed).Select(file => DisplayText.Safe(file.Path)))}{(files.Length > MostNamed ? $" and {files.Length - MostNamed} more" : "")})";
}
