using System.Text.Json.Serialization;

namespace PolicyValidator.Playground;

/// <summary>What <c>POST /api/lint</c> answers.</summary>
/// <param name="Target">The target, as asked.</param>
/// <param name="Envoy">The Envoy release that it means.</param>
/// <param name="Measured">Whether the verdicts for that release were compared with the real binary's.</param>
/// <param name="Counts">How many findings there are.</param>
/// <param name="Findings">The findings in the order of the text; of very many, the worst.</param>
/// <param name="Fix">What the fixes make of the text; null when they change nothing.</param>
/// <param name="Messages">What Envoy would be given.</param>
internal sealed record LintAnswer(
    string Target,
    string Envoy,
    bool Measured,
    CountsAnswer Counts,
    IReadOnlyList<FindingAnswer> Findings,
    FixAnswer? Fix,
    IReadOnlyList<MessageAnswer> Messages);

/// <summary>How many findings there are of each severity, and how many more that comments in the text suppress.</summary>
internal sealed record CountsAnswer(int Error, int Warning, int Hint, int Suppressed);

/// <summary>One finding.</summary>
/// <param name="Rule">The rule's id.</param>
/// <param name="Name">The rule's name.</param>
/// <param name="Severity"><c>error</c>, <c>warning</c> or <c>hint</c>.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in code points.</param>
/// <param name="Start">Where the place begins, in UTF-16 units from the beginning of the text.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Pointer">The path inside the document, a JSON pointer.</param>
/// <param name="Message">What was found.</param>
/// <param name="Why">Why it matters.</param>
/// <param name="Help">What to write instead.</param>
/// <param name="Versions">The Envoy releases concerned.</param>
/// <param name="Related">The other places that it is about.</param>
/// <param name="FixTitle">What the fix does; null when there is none.</param>
/// <param name="FixIsSafe">Whether it is made without being asked for.</param>
internal sealed record FindingAnswer(
    string Rule,
    string Name,
    string Severity,
    int Line,
    int Column,
    int Start,
    int End,
    string Pointer,
    string Message,
    string Why,
    string Help,
    string Versions,
    IReadOnlyList<RelatedAnswer> Related,
    string? FixTitle,
    bool FixIsSafe);

/// <summary>Another place that a finding is about.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Start">Where the place begins, in UTF-16 units from the beginning of the text.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Message">What stands there.</param>
internal sealed record RelatedAnswer(int Line, int Start, int End, string Message);

/// <summary>A text after its fixes.</summary>
/// <param name="Applied">How many fixes were made.</param>
/// <param name="Remaining">How many findings are left.</param>
/// <param name="Text">The text.</param>
/// <param name="Diff">The difference from the text that came in, as <c>diff -u</c> prints it.</param>
internal sealed record FixAnswer(int Applied, int Remaining, string Text, string Diff);

/// <summary>A message of Envoy's API that the text holds or becomes.</summary>
/// <param name="Title">What it is for.</param>
/// <param name="Origin">Who makes it and where it comes from.</param>
/// <param name="Line">The line at which its source begins, from 1.</param>
/// <param name="Type">The full name of its type.</param>
/// <param name="Modes">What is sent to the processor; empty for a per-route config that leaves that alone.</param>
/// <param name="Json">The message as Envoy's admin interface would print it.</param>
internal sealed record MessageAnswer(string Title, string Origin, int Line, string Type, IReadOnlyList<ModeAnswer> Modes, string Json);

/// <summary>How one part of an exchange is sent.</summary>
/// <param name="Direction"><c>request</c> or <c>response</c>.</param>
/// <param name="Part"><c>headers</c>, <c>body</c> or <c>trailers</c>.</param>
/// <param name="Mode">The mode that counts.</param>
/// <param name="IsDefault">Whether nobody chose it.</param>
internal sealed record ModeAnswer(string Direction, string Part, string Mode, bool IsDefault);

/// <summary>What <c>GET /api/rules/ID</c> answers: all about one rule.</summary>
/// <param name="Id">Such as <c>EP001</c>.</param>
/// <param name="Name">The defect, in words with hyphens.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Summary">What the rule asks for.</param>
/// <param name="Why">What happens otherwise.</param>
/// <param name="Versions">The Envoy releases concerned.</param>
/// <param name="Sources">Where it comes from.</param>
/// <param name="Target">The target of the example.</param>
/// <param name="Bad">A document that it reports.</param>
/// <param name="Good">The document put right.</param>
internal sealed record RuleAnswer(
    string Id,
    string Name,
    string Severity,
    string Summary,
    string Why,
    string Versions,
    IReadOnlyList<string> Sources,
    string Target,
    string Bad,
    string Good);

/// <summary>What <c>GET /api/start</c> answers: what a user may choose from.</summary>
/// <param name="Version">The program's.</param>
/// <param name="MaxTextBytes">Longer texts are refused.</param>
/// <param name="DefaultTarget">The newest Envoy.</param>
/// <param name="Targets">All targets, product by product.</param>
/// <param name="Examples">The first is shown first.</param>
internal sealed record StartAnswer(
    string Version,
    int MaxTextBytes,
    string DefaultTarget,
    IReadOnlyList<TargetGroup> Targets,
    IReadOnlyList<Example> Examples);

/// <summary>The targets of one product.</summary>
/// <param name="Product">Its name.</param>
/// <param name="Targets">As <c>--target</c> takes them, the newest first.</param>
internal sealed record TargetGroup(string Product, IReadOnlyList<string> Targets);

/// <summary>A request that was refused.</summary>
/// <param name="Problem">What was found and what is allowed.</param>
internal sealed record Refusal(string Problem);

/// <summary>Writes the answers as JSON with names in camelCase, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LintAnswer))]
[JsonSerializable(typeof(RuleAnswer))]
[JsonSerializable(typeof(StartAnswer))]
[JsonSerializable(typeof(Refusal))]
internal sealed partial class Answers : JsonSerializerContext;
