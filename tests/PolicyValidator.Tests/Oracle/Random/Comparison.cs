using System.Text.Json;
using Envoy.Runner;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Oracle.Random;

/// <summary>Asks Envoy and us the same question.</summary>
internal sealed class Comparison(SerialJudge judge, Target target)
{
    private const int MaxShrinks = 400;

    public async Task<(bool Theirs, bool Ours)> AskAsync(MadeCase made, CancellationToken cancel)
    {
        int number = judge.NextNumber();
        bool ours = Verdict.ErrorsOf($"case.{made.Format}", made.Listener(number), target).Count == 0;
        return (await judge.AcceptsAsync(made.DiscoveryResponse(number), cancel), ours);
    }

    /// <summary>The smallest config found that shows the same disagreement, as a line for the recorded cases.</summary>
    public async Task<string> ExplainAsync(MadeCase made, bool theirs, CancellationToken cancel)
    {
        int asked = 0;
        for (bool shrunk = true; shrunk && asked < MaxShrinks;)
        {
            shrunk = false;
            foreach (Piece smaller in made.Config.Smaller())
            {
                MadeCase next = made with { Config = smaller };
                (bool nextTheirs, bool nextOurs) = await AskAsync(next, cancel);
                if (nextTheirs == theirs && nextOurs != theirs && next.IsOfExtProc)
                {
                    (made, shrunk) = (next, true);
                    break;
                }

                if (++asked >= MaxShrinks)
                {
                    break;
                }
            }
        }

        IReadOnlyList<Finding> errors = Verdict.ErrorsOf($"case.{made.Format}", made.Listener(0), target);
        return $"Envoy {(theirs ? "accepts" : "refuses")} it, we say {(errors.Count == 0 ? "nothing" : errors[0].Message)}: "
            + JsonSerializer.Serialize(new { place = made.Place, format = made.Format, config = made.ConfigText() });
    }
}
