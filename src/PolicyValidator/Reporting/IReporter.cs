namespace PolicyValidator.Reporting;

/// <summary>A form in which a report is printed.</summary>
public interface IReporter
{
    /// <summary>Prints the report.</summary>
    void Write(LintReport report, TextWriter output);
}

/// <summary>The forms that <c>--format</c> names.</summary>
public static class Reporters
{
    /// <summary>Their names; the first is the default.</summary>
    public static IReadOnlyList<string> Names { get; } = ["text", "json"];

    /// <summary>The reporter of a name in <see cref="Names"/>.</summary>
    /// <param name="name">The name.</param>
    /// <param name="colours">Whether text is coloured.</param>
    public static IReporter Named(string name, bool colours) => name switch
    {
        "json" => new JsonReporter(),
        _ => new TextReporter(colours ? Palette.Ansi : Palette.None),
    };
}
