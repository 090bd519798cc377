using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Advice;

/// <summary>Carries out the words of a finding's help as a reader would: each way that it offers, one by one.</summary>
internal static partial class HelpWords
{
    private static readonly (Regex Words, Func<JsonNode, Finding, Match, bool> Do)[] Clauses =
    [
        (Form(@"^(?:delete|remove) (?:it|this)(?:$| if\b)"), (root, finding, _) => root.Remove(finding.Pointer)),
        (Form(@"^(?:delete|remove) the list\b"), (root, finding, _) => root.Remove(finding.Pointer)),
        (Form(@"^delete ([a-z_]+)(?: and ([a-z_]+))? from the filter"), (root, finding, words) => Delete(root, finding.Related[0].Pointer, words)),
        (Form(@"^(?:delete|remove) ([a-z]+_[a-z_]+)(?: and ([a-z_]+))?"), (root, finding, words) => Delete(root, finding.Pointer, words)),
        (Form(@"^set ([a-z_]+): (\w+) beside it"), (root, finding, words) => root.Set(Beside(finding.Pointer, words.Groups[1].Value), Word(words.Groups[2].Value))),
        (Form(@"^add ([a-z_]+): (\w+) to the entry"), (root, finding, words) => root.Set(Beside(finding.Pointer, words.Groups[1].Value), Word(words.Groups[2].Value))),
        (Form(@"^set http_protocol_options: \{enable_trailers: true\} in the connection manager"), (root, _, _) => root.Under("http_filters").TrueForAll(list => root.Set(Beside(list, "http_protocol_options/enable_trailers"), Word("true")))),
        (Form(@"^write out what should stay: (.*)$"), (root, finding, words) => words.Groups[1].Value.Split(", ").Select(field => field.Split(": ")).All(field => root.Set($"{finding.Pointer}/{field[0]}", Word(field[1])))),
        (Form(@"^use ([a-z_]+_mode): ([A-Z_]+)( with SKIP)?"), (root, _, words) => SetModes(root, root.Under(words.Groups[1].Value), words.Groups[2].Value, words.Groups[3].Success)),
        (Form(@"^(?:use )?([A-Z_]+)( with SKIP for its trailers)? in (?:one|all but one) of"), (root, finding, words) => SetModes(root, [.. BodiesOf(finding)], words.Groups[1].Value, words.Groups[2].Success)),
        (Form(@"^(?:use )?([A-Z][A-Z_]{3,})\b( with SKIP)?"), (root, finding, words) => SetModes(root, ModesOf(finding), words.Groups[1].Value, words.Groups[2].Success)),
    ];

    /// <summary>The ways that are understood.</summary>
    /// <returns>For each the words and the text after it.</returns>
    public static IEnumerable<(string Words, AdvisedText After)> Obey(AdvisedText text, Finding finding) =>
        from way in finding.Help.Split(", or ").SelectMany(Alternatives)
        let after = text.With(finding.Document?.Index ?? 0, root => Obey(root, finding, way))
        where after is not null
        select (way, after);

    /// <summary>"use A, or B" leaves out the verb; so does "BUFFERED or request_trailer_mode: SKIP".</summary>
    private static IEnumerable<string> Alternatives(string way) => way.Split(" or use ").Index().Select(each => each.Index == 0 ? each.Item : "use " + each.Item);

    /// <summary>All parts of a way that are understood; those that are about other places or other people are left out.</summary>
    private static bool Obey(JsonNode root, Finding finding, string way)
    {
        bool done = false;
        foreach (string part in way.Split(", and ").SelectMany(part => part.Split("; ")))
        {
            (Regex words, Func<JsonNode, Finding, Match, bool>? carryOut) = Clauses.FirstOrDefault(clause => clause.Words.IsMatch(part));
            done |= carryOut?.Invoke(root, finding, words.Match(part)) == true;
        }

        return done;
    }

    private static bool Delete(JsonNode root, string pointer, Match words) =>
        words.Groups.Values.Skip(1).Where(group => group.Success).Select(group => root.Remove(Beside(pointer, group.Value))).ToList().Contains(true);

    private static bool SetModes(JsonNode root, List<string> places, string mode, bool skipsTrailers) =>
        places.Count > 0 && places.TrueForAll(place => root.Set(place, Word(mode))
            && (!skipsTrailers || root.Set(place.Replace("body", "trailer", StringComparison.OrdinalIgnoreCase), Word("SKIP"))));

    private static List<string> ModesOf(Finding finding) => IsMode(finding.Pointer)
        ? [finding.Pointer]
        : [.. finding.Related.Select(place => place.Pointer).Where(IsMode)];

    private static bool IsMode(string pointer) => pointer.EndsWith("mode", StringComparison.OrdinalIgnoreCase) && pointer.Contains("body", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> BodiesOf(Finding finding) => BodyMode().Matches(finding.Message).Select(match => Beside(finding.Pointer, match.Value));

    private static string Beside(string pointer, string name) => $"{JsonPlaces.Around(pointer)}/{name}";

    private static JsonValue Word(string word) => word is "true" or "false" ? JsonValue.Create(word == "true") : JsonValue.Create(word)!;

    private static Regex Form(string pattern) => new(pattern, RegexOptions.CultureInvariant);

    [GeneratedRegex("(request|response)_body_mode")]
    private static partial Regex BodyMode();
}
