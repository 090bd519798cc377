using ExtProc.Pipeline;

namespace ExtProc.Testing;

/// <summary>How many plays a matrix ran.</summary>
/// <param name="Played">Plays that had to meet the expectation.</param>
/// <param name="Refused">Plays that had to be refused, and were.</param>
public readonly record struct PlayCount(int Played, int Refused);

/// <summary>A play did not come to what was expected of it.</summary>
/// <param name="message">Which play, with its transcript.</param>
/// <param name="cause">What the expectation threw.</param>
public sealed class PlayFailedException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>One expectation over every mode and every split.</summary>
internal sealed class ModeAndSplitMatrix(Play play, Action<Seen> expect)
{
    private const int MostPlaces = 24;

    private static readonly BodySendMode[] Modes =
        [BodySendMode.None, BodySendMode.Streamed, BodySendMode.Buffered, BodySendMode.BufferedPartial, BodySendMode.FullDuplexStreamed];

    private int _played, _refused;

    public async Task<PlayCount> RunAsync()
    {
        foreach (BodySendMode mode in Modes)
        {
            foreach (bool counted in (bool[])[false, true])
            {
                Play inMode = counted ? play.In(mode).WithContentLength() : play.In(mode);
                foreach (int[] cuts in Cuts())
                {
                    await PlayAsync(inMode.CutAt(cuts), $"in {ModeNames.Of(mode)}, {(counted ? "with content-length" : "chunked")}, cut at [{string.Join(", ", cuts)}], end on the last chunk").ConfigureAwait(false);
                    await PlayAsync(inMode.CutAt(cuts).EndingOnEmptyChunk().Pipelined(), $"in {ModeNames.Of(mode)}, {(counted ? "with content-length" : "chunked")}, cut at [{string.Join(", ", cuts)}], end on an empty chunk, pipelined").ConfigureAwait(false);
                }
            }
        }

        return new(_played, _refused);
    }

    private async Task PlayAsync(Play one, string which)
    {
        Seen seen = await one.RunAsync().ConfigureAwait(false);
        try
        {
            if (seen.Violations.Count > 0)
            {
                throw new PlayFailedException(string.Join("; ", seen.Violations));
            }

            if (RefusalsOf(one.Settings) is { Count: > 0 } refusals)
            {
                RequireRefused(seen, refusals);
                _refused++;
            }
            else
            {
                expect(seen);
                _played++;
            }
        }
        catch (Exception failure)
        {
            throw new PlayFailedException($"{which}: {failure.Message}\n{seen}", failure);
        }
    }

    private static void RequireRefused(Seen seen, IReadOnlyList<string> refusals)
    {
        if (!refusals.Any(refusal => seen.GrpcMessage.Contains(refusal, StringComparison.Ordinal) || seen.Client.Body.Contains(refusal, StringComparison.Ordinal)))
        {
            throw new PlayFailedException($"it was to be refused with \"{string.Join("\" or \"", refusals)}\"");
        }
    }

    /// <summary>What is told of processors that cannot have their bodies, the first of which is refused; none when all can.</summary>
    private static IReadOnlyList<string> RefusalsOf(PlaySettings settings)
    {
        PipelinePlan plan = PipelinePlan.Build(new() { Pipeline = settings.Pipeline, Limits = settings.Limits }, settings.Services ?? NoServices.Instance, out _);
        return [.. Of(Direction.Request, settings.Request), .. Of(Direction.Response, settings.Response)];

        // Of a response it is known too late that it has no body.
        IEnumerable<string> Of(Direction direction, Traffic? traffic) => plan.Of(direction).Steps
            .Where(step => traffic is { IsBodyless: false } || (direction is Direction.Response && !ModeFit.IsSent(step.Needs.ResponseBody, settings.Modes.ResponseBodyMode)))
            .Where(step => ModeFit.Refusal(step.Name, step.Needs.Body(direction), settings.Modes.BodyMode(direction), direction, traffic?.Headers.Any(line => line.Key == "content-length")) is not null)
            .Select(step => step.Told(Reasons.ModeUnsupported));
    }

    private IEnumerable<int[]> Cuts()
    {
        int longest = Math.Max(play.Settings.Request?.Body?.Length ?? 0, play.Settings.Response?.Body?.Length ?? 0);
        int step = Math.Max(1, longest / MostPlaces);
        yield return [];
        for (int first = 1; first < longest; first += step)
        {
            yield return [first];
            for (int second = first + step; second < longest; second += Math.Max(1, longest / 8))
            {
                yield return [first, second];
            }
        }
    }
}

/// <summary>For processors whose constructors ask for nothing.</summary>
internal sealed class NoServices : IServiceProvider
{
    public static NoServices Instance { get; } = new();

    public object? GetService(System.Type serviceType) => serviceType == typeof(TimeProvider) ? TimeProvider.System : null;
}
