namespace PolicyValidator.Expressions.Re2;

/// <summary>The Unicode tables that are compiled into this assembly, read when a pattern first needs one.</summary>
internal static class UnicodeData
{
    /// <summary>The lines of a table, comments left out.</summary>
    public static IEnumerable<string> Lines(string name)
    {
        using Stream stream = typeof(UnicodeData).Assembly.GetManifestResourceStream(typeof(UnicodeData), name)
            ?? throw new InvalidOperationException($"the table {name} is not part of this assembly");
        using StreamReader reader = new(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                yield return line;
            }
        }
    }
}
