namespace PolicyValidator.Reporting;

/// <summary>The forms that <c>--format</c> names: each is one file of this folder.</summary>
public static class Reporters
{
    /// <summary>The forms by name. <c>make golden</c> keeps the list between the marks; none is made before it is asked for.</summary>
    private static readonly ReportForm[] All =
    [
        // reporters:begin, generated
        new("checkstyle", _ => new CheckstyleReporter()),
        new("github", _ => new GithubReporter()),
        new("gitlab", _ => new GitlabReporter()),
        new("json", _ => new JsonReporter()),
        new("junit", _ => new JunitReporter()),
        new("sarif", _ => new SarifReporter()),
        new("text", palette => new TextReporter(palette)),
        // reporters:end
    ];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(form => form.Name)];

    /// <summary>The reporter of a name in <see cref="Names"/>.</summary>
    /// <param name="name">The name.</param>
    /// <param name="colours">Whether text is coloured.</param>
    public static IReporter Named(string name, bool colours) =>
        All.First(form => form.Name == name).Make(colours ? Palette.Ansi : Palette.None);

    private sealed record ReportForm(string Name, Func<Palette, IReporter> Make);
}
