using System.Text;
using ExtProc.Configuration;
using ExtProc.Pipeline;
using ExtProc.Testing;
using Tests.Shared;

namespace ExtProc.Tests.Pipeline;

/// <summary>The table of needs and modes as the README prints it.</summary>
public sealed class ModeTable
{
    private static readonly (string Name, BodyNeed Need)[] Needs =
    [
        ("no body", BodyNeed.None),
        ("`Stream()`", BodyNeed.Stream()),
        ("`Stream(holdBytes)`", BodyNeed.Stream(holdBytes: 16)),
        ("`Stream() with { BeforeHeaders = true }`", BodyNeed.Stream() with { BeforeHeaders = true }),
        ("`Messages(limitBytes)`", BodyNeed.Messages(1024)),
        ("`Whole(limitBytes)`", BodyNeed.Whole(1024)),
    ];

    [Fact]
    public void The_README_prints_which_needs_meet_which_modes()
    {
        List<string> notes = [];
        BodySendMode[] modes = Enum.GetValues<BodySendMode>();
        var table = new StringBuilder($"| need | direction | {string.Join(" | ", modes.Select(ModeNames.Of))} |\n|---|---{string.Concat(modes.Select(_ => "|---"))}|\n");
        foreach ((string name, BodyNeed need) in Needs)
        {
            string[] request = [.. modes.Select(mode => Cell(need, mode, Direction.Request, notes))];
            string[] response = [.. modes.Select(mode => Cell(need, mode, Direction.Response, notes))];
            if (request.SequenceEqual(response))
            {
                table.Append($"| {name} | both | {string.Join(" | ", request)} |\n");
                continue;
            }

            table.Append($"| {name} | request | {string.Join(" | ", request)} |\n");
            table.Append($"| {name} | response | {string.Join(" | ", response)} |\n");
        }

        Golden.Section("src/ExtProc/README.md", "mode-fit", $"{table}\n{string.Concat(notes.Select((note, index) => $"{index + 1}. {note}\n"))}");
    }

    private static string Cell(BodyNeed need, BodySendMode mode, Direction direction, List<string> notes)
    {
        string asked = Asked(need, mode, direction);
        string refused = ModeFit.Refusal("NAME", need, mode, direction, lengthKnown: false) is { } refusal
            ? $"refused{Note(refusal.Replace($"{(direction is Direction.Request ? "request" : "response")}_body_mode", "DIRECTION_body_mode", StringComparison.Ordinal), notes)}"
            : "";
        return ModeFit.Of(need, mode) switch
        {
            Fit.Works => "works",
            Fit.HoldsHeaders => "works, holds the headers",
            Fit.IfComplete => "works when the body fits into Envoy's buffer, else `OverLimit`",
            Fit.WithContentLength => $"{asked}works with content-length, else {refused}",
            _ => asked + refused,
        };
    }

    private static string Asked(BodyNeed need, BodySendMode mode, Direction direction)
    {
        Scripted processor = new() { Needs = needs => _ = direction is Direction.Request ? needs.RequestBody = need : needs.ResponseBody = need };
        PipelineStep step = new(new ProcessorKind("NAME", typeof(Scripted), null, IsShared: false) { Create = () => processor });
        EnvoyDeclaration envoy = new() { AllowModeOverride = true, TrustModeOverride = true };
        PipelinePlan plan = PipelinePlan.Build(new() { Pipeline = new("table", [step]), Envoy = envoy }, NoServices.Instance, out _);
        return ModeOverride.For(plan, mode, mode) is { } wanted ? $"asks for {ModeNames.Of(wanted.Modes.BodyMode(direction))}, else " : "";
    }

    private static string Note(string text, List<string> notes)
    {
        if (!notes.Contains(text))
        {
            notes.Add(text);
        }

        return $" ({notes.IndexOf(text) + 1})";
    }
}
