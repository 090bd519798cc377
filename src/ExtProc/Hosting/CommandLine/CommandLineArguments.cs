using ExtProc.Configuration.Reading;

namespace ExtProc.Hosting.CommandLine;

/// <summary>The arguments of a command, taken apart: flags of the table, and the rest.</summary>
internal sealed class CommandLineArguments
{
    private readonly Dictionary<string, string> _flags = new(StringComparer.Ordinal);

    private CommandLineArguments()
    {
    }

    /// <summary>Arguments that are no flags.</summary>
    public List<string> Operands { get; } = [];

    /// <summary>What is wrong with them; null when nothing is.</summary>
    public string? Problem { get; private set; }

    /// <summary>The value of a flag; <c>true</c> for one that takes none.</summary>
    public string? this[string flag] => _flags.GetValueOrDefault(flag);

    /// <summary>Takes arguments apart. Values follow a flag after a blank or a <c>=</c>.</summary>
    /// <param name="arguments">Without the command.</param>
    /// <param name="known">Each flag, and whether it takes a value.</param>
    public static CommandLineArguments Parse(ReadOnlySpan<string> arguments, IReadOnlyDictionary<string, bool> known)
    {
        CommandLineArguments parsed = new();
        for (int at = 0; at < arguments.Length && parsed.Problem is null; at++)
        {
            string argument = arguments[at];
            if (!argument.StartsWith('-') || argument == "-")
            {
                parsed.Operands.Add(argument);
                continue;
            }

            int equals = argument.IndexOf('=', StringComparison.Ordinal);
            string flag = equals < 0 ? argument : argument[..equals];
            string? value = equals < 0 ? null : argument[(equals + 1)..];
            if (known.TryGetValue(flag, out bool takesValue) && takesValue && value is null && at + 1 < arguments.Length)
            {
                value = arguments[++at];
            }

            parsed.Add(flag, value, known);
        }

        return parsed;
    }

    private void Add(string flag, string? value, IReadOnlyDictionary<string, bool> known) => Problem = known.TryGetValue(flag, out bool takesValue) switch
    {
        false => $"\"{flag}\" is no flag here; {NearName.Advice(flag, [.. known.Keys])}",
        true when takesValue && string.IsNullOrEmpty(value) => $"{flag} needs a value",
        true when !takesValue && value is not null => $"{flag} takes no value, and was given \"{value}\"",
        true when !_flags.TryAdd(flag, value ?? "true") => $"{flag} is given twice",
        _ => null,
    };
}
