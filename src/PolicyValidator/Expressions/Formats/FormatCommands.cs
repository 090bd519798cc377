using System.Collections.Frozen;
using System.Globalization;
using PolicyValidator.Rules;

namespace PolicyValidator.Expressions.Formats;

/// <summary>A command that a format string may hold.</summary>
/// <param name="Parameters"><c>none</c>, <c>any</c>, <c>needed</c> or <c>words</c>.</param>
/// <param name="TakesLength">Whether <c>:10</c> may follow.</param>
/// <param name="SinceMinor">The first release line; 0 for all that check formats.</param>
internal sealed record FormatCommand(string Parameters, bool TakesLength, int SinceMinor);

/// <summary>The commands of the official binaries, each asked on 1.38.3, 1.39.3 and 1.40.0.</summary>
internal static class FormatCommands
{
    private static readonly Lazy<FrozenDictionary<string, FormatCommand>> Known = new(Load);

    /// <summary>A command of a release; null when it has none of this name.</summary>
    public static FormatCommand? Find(string name, EnvoyVersion version) =>
        Known.Value.TryGetValue(name, out FormatCommand? command) && command.SinceMinor <= version.Minor ? command : null;

    private static FrozenDictionary<string, FormatCommand> Load()
    {
        using Stream stream = typeof(FormatCommands).Assembly.GetManifestResourceStream("FormatCommands.txt")!;
        using StreamReader reader = new(stream);
        Dictionary<string, FormatCommand> commands = new(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            string[] parts = line.Split(' ');
            if (parts[0] != "#")
            {
                commands[parts[0]] = new(parts[1], parts[2] == "length", parts.Length > 3 ? int.Parse(parts[3].AsSpan(2), CultureInfo.InvariantCulture) : 0);
            }
        }

        return commands.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
