using Envoy.Runner;

namespace ExtProc.EndToEnd.Lab;

/// <summary>All tests that share one lab; they run one after another, so that counters can be told apart.</summary>
[CollectionDefinition(nameof(EnvoyLab))]
public sealed class LabCollection : ICollectionFixture<EnvoyLab>;

/// <summary>
/// A test behind a real Envoy. <c>VisitAsync</c> is the one place that checks, after each test, that Envoy closed every
/// processor stream and counted no trouble.
/// </summary>
[Collection(nameof(EnvoyLab))]
public abstract class LabTests(EnvoyLab lab)
{
    private static readonly TimeSpan VisitTimeout = TimeSpan.FromSeconds(90);

    private protected EnvoyLab Lab => lab;

    /// <param name="mayGrow">counters that the test is about</param>
    private protected Task VisitAsync(string version, Scene scene, Func<Visit, Task> test, params string[] mayGrow) =>
        VisitAsync(lab, version, scene, test, mayGrow);

    internal static async Task VisitAsync(EnvoyLab lab, string version, Scene scene, Func<Visit, Task> test, params string[] mayGrow)
    {
        var envoy = await lab.EnvoyAsync(version);
        var server = await lab.ServerAsync(scene);
        using var deadline = new CancellationTokenSource(VisitTimeout);
        await using var visit = new Visit(lab, envoy, server, scene, version, deadline.Token);
        var before = await envoy.CountersAsync(scene.Name, deadline.Token);
        try
        {
            await test(visit).WaitAsync(deadline.Token);
            await visit.CloseExchangesAsync();
            var after = await QuietAsync(envoy, scene, deadline.Token);
            Assert.Empty(after.TroubleSince(before, mayGrow));
        }
        catch (Exception e)
        {
            var now = await envoy.CountersAsync(scene.Name, CancellationToken.None);
            throw new LabException($"{e.Message}\non {scene.Name} behind Envoy {version}\n{visit.Transcript}", $"counters: {now}", envoy, server, e);
        }
    }

    /// <summary>The counters once no processor stream is open any more.</summary>
    private static async Task<ExtProcCounters> QuietAsync(EnvoyProcess envoy, Scene scene, CancellationToken cancel)
    {
        while (true)
        {
            var counters = await envoy.CountersAsync(scene.Name, cancel);
            if (counters.AllStreamsClosed)
            {
                return counters;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancel);
        }
    }
}
