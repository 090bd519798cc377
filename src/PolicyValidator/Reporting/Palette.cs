using PolicyValidator.Rules;

namespace PolicyValidator.Reporting;

/// <summary>Colours of a terminal, or none.</summary>
internal sealed class Palette(bool colours)
{
    /// <summary>Escape sequences that every terminal of today knows.</summary>
    public static Palette Ansi { get; } = new(true);

    /// <summary>Text as it is.</summary>
    public static Palette None { get; } = new(false);

    /// <summary>A word or marker in the colour of its severity.</summary>
    public string Mark(Severity severity, string text) => Paint(text, severity switch
    {
        Severity.Error => "1;31",
        Severity.Warning => "1;33",
        _ => "1;36",
    });

    /// <summary>What the eye should find first.</summary>
    public string Strong(string text) => Paint(text, "1");

    /// <summary>Line numbers and rulers.</summary>
    public string Faint(string text) => Paint(text, "1;34");

    private string Paint(string text, string code) => colours && text.Length > 0 ? $"\u001b[{code}m{text}\u001b[0m" : text;
}
