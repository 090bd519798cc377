using System.Text.RegularExpressions;
using PolicyValidator.Rules;

namespace PolicyValidator.Cli;

/// <summary>What Envoy says of a refused file, and whether an error of ours is about the same thing.</summary>
/// <param name="Text">Envoy's sentence, without the configuration that it prints around it.</param>
internal sealed partial record EnvoyReason(string Text)
{
    private const int MostLetters = 400;

    /// <summary>Words by which Envoy's reasons name what is judged here; a bootstrap can be refused for many other things.</summary>
    private static readonly string[] OurWords =
        ["ext_proc", "ExternalProcessor", "ExtProc", "http filter chain", "descriptor expression", "typed_per_filter_config", "per filter configuration"];

    /// <summary>Whether it is about ext_proc or the filters around it at all.</summary>
    public bool IsOurs => OurWords.Any(word => Text.Contains(word, StringComparison.Ordinal));

    /// <summary>Reads what the program wrote.</summary>
    public static EnvoyReason Of(string output)
    {
        string reason = LogPrefix().Replace(Blanks().Replace(output, " ").Trim(), "");
        Match head = WithDump().Match(reason);
        return new(head.Success ? reason[head.Index..EndOfBrackets(reason, head.Index + head.Length - 1)] : Shortened(reason));
    }

    /// <summary>Whether an error says the same: of the same field where Envoy names one, else in other words.</summary>
    public bool IsAbout(Finding error)
    {
        if (EnvoySentence.All.FirstOrDefault(sentence => Text.Contains(sentence.Words, StringComparison.Ordinal)) is { } known)
        {
            return known.Says(Text, error);
        }

        IReadOnlyList<string> way = Way();
        HashSet<string> place = [.. error.Pointer.Split('/').Select(Plain), .. Words(error.Message)];
        return way.Count > 0
            ? way.All(place.Contains) && RulesOfSchema.Contains(error.Rule.Id)
            : Words(Text).Overlaps(Words(error.Message));
    }

    /// <summary>The rules of what a message's definition refuses: of fields and names that are not there, of what is missing, or of values.</summary>
    private string[] RulesOfSchema => Text switch
    {
        _ when Text.Contains("no such field", StringComparison.Ordinal) => ["EP021"],
        _ when Text.Contains("unknown enum value", StringComparison.Ordinal) => ["EP023"],
        _ when Text.Contains("is required", StringComparison.Ordinal) => ["EP010", "EP025"],
        _ => ["EP010", "EP011", "EP018", "EP021", "EP022", "EP023", "EP024", "EP025", "EP026"],
    };

    /// <summary>
    /// The last steps to the field that a message's definition refuses: what the JSON reader puts in quotes, the fields around a broken
    /// constraint, or the end of the way from the outermost message. Empty for reasons that name none.
    /// </summary>
    private IReadOnlyList<string> Way()
    {
        if (Quoted().Match(Text) is { Success: true } quoted)
        {
            return [Plain(quoted.Groups["word"].Value)];
        }

        string[] constraints = [.. ConstraintStep().Matches(Text).Select(step => Plain(step.Groups["field"].Value))];
        string[] way = [.. WayInJson().Match(Text).Groups["way"].Value.Split('.').Select(step => Plain(step.Split('[')[0]))];
        return [.. (constraints.Length > 0 ? constraints : way).TakeLast(2).Where(step => step is not ("" or "<any>" or "httpfilters"))];
    }

    /// <summary>The names of fields, and what stands in quotes.</summary>
    private static HashSet<string> Words(string text) =>
        [.. Name().Matches(text).Select(match => Plain(match.Groups["quoted"].Success ? match.Groups["quoted"].Value : match.Value)).Where(word => word is not ("" or "extproc"))];

    /// <summary>One spelling for snake_case and CamelCase.</summary>
    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>The place behind the bracket that closes the one at a place: what follows is the configuration.</summary>
    private static int EndOfBrackets(string text, int open)
    {
        int depth = 0;
        for (int at = open; at < text.Length; at++)
        {
            depth += text[at] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0)
            {
                return text.AsSpan(at).StartsWith(") has unknown fields") ? at + ") has unknown fields".Length : at + 1;
            }
        }

        return Math.Min(text.Length, open + MostLetters);
    }

    private static string Shortened(string text) => text.Length > MostLetters ? text[..MostLetters] + "..." : text;

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"^.*?error initializing configuration '[^']*': ", RegexOptions.Singleline)]
    private static partial Regex LogPrefix();

    [GeneratedRegex(@"(Unable to parse JSON as proto|Protobuf message|Proto constraint validation failed) \(", RegexOptions.ExplicitCapture)]
    private static partial Regex WithDump();

    /// <summary>What the JSON reader does not know.</summary>
    [GeneratedRegex(@"(no such field|unknown enum value): '(?<word>[^']+)'", RegexOptions.ExplicitCapture)]
    private static partial Regex Quoted();

    /// <summary>A step on the way to the constraint that is broken: <c>GrpcServiceValidationError.EnvoyGrpc:</c>.</summary>
    [GeneratedRegex(@"ValidationError\.(?<field>[A-Za-z0-9]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex ConstraintStep();

    /// <summary>The way to what the JSON reader could not read: <c>@ static_resources.listeners[0].…</c>.</summary>
    [GeneratedRegex(@"@ (?<way>[^\s:,]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex WayInJson();

    [GeneratedRegex(@"'(?<quoted>[^']{1,80})'|(?<![A-Za-z0-9_])[a-z]+(_[a-z0-9]+)+", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
