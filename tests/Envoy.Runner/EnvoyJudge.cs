namespace Envoy.Runner;

/// <summary>
/// Asks one Envoy about hundreds of filters at once: each stands in a listener of its own, in one file that Envoy watches.
/// Unknown fields and enum names are refused, as in a static configuration.
/// </summary>
public static class EnvoyJudge
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>What Envoy says to each filter.</summary>
    /// <param name="binary">the Envoy to ask</param>
    /// <param name="typedConfigs">for each filter the JSON text of its <c>typed_config</c></param>
    /// <param name="cancel">ends the waiting</param>
    public static async Task<IReadOnlyList<EnvoyVerdict>> JudgeFiltersAsync(EnvoyBinary binary, IReadOnlyList<string> typedConfigs, CancellationToken cancel = default)
    {
        var verdicts = new EnvoyVerdict?[typedConfigs.Count];
        await JudgeAsync(binary, typedConfigs, [.. Enumerable.Range(0, typedConfigs.Count)], verdicts, cancel);
        return [.. verdicts.Select(verdict => verdict!)];
    }

    // Envoy refuses a whole file for one entry that it cannot read: such a file is halved until the culprit is alone.
    private static async Task JudgeAsync(EnvoyBinary binary, IReadOnlyList<string> configs, int[] cases, EnvoyVerdict?[] verdicts, CancellationToken cancel)
    {
        if (cases.Length == 0)
        {
            return;
        }

        string? refusal = await AskAsync(binary, configs, cases, verdicts, cancel);
        int[] open = [.. cases.Where(index => verdicts[index] is null)];
        if (refusal is not null && cases.Length == 1)
        {
            verdicts[cases[0]] = new(false, refusal);
            return;
        }

        if (open.Length > 0)
        {
            await JudgeAsync(binary, configs, open[..(open.Length / 2)], verdicts, cancel);
            await JudgeAsync(binary, configs, open[(open.Length / 2)..], verdicts, cancel);
        }
    }

    private static async Task<string?> AskAsync(EnvoyBinary binary, IReadOnlyList<string> configs, int[] cases, EnvoyVerdict?[] verdicts, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("extproc-judge-");
        try
        {
            string listeners = Path.Combine(folder.FullName, "listeners.json");
            string bootstrap = Path.Combine(folder.FullName, "bootstrap.json");
            string admin = Path.Combine(folder.FullName, "admin-address");
            await File.WriteAllTextAsync(listeners, JudgedListeners.File(cases, configs), cancel);
            await File.WriteAllTextAsync(bootstrap, JudgedListeners.Bootstrap(listeners), cancel);
            string[] arguments =
            [
                "-c", bootstrap, "--concurrency", "1", "--disable-hot-restart", "--admin-address-path", admin,
                "--reject-unknown-dynamic-fields", "--log-level", "warning",
            ];
            await using var child = ChildProcess.Start($"Envoy {binary.Version}", binary.Path, arguments);
            return await CollectAsync(child, admin, verdicts, cancel);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string?> CollectAsync(ChildProcess child, string adminFile, EnvoyVerdict?[] verdicts, CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(Deadline);
        while (!File.Exists(adminFile) || (await File.ReadAllTextAsync(adminFile, deadline.Token)).Trim().Length == 0)
        {
            await PauseAsync(child, deadline.Token);
        }

        using EnvoyAdmin admin = new((await File.ReadAllTextAsync(adminFile, deadline.Token)).Trim());
        while (!await HasReadAsync(admin, deadline.Token))
        {
            await PauseAsync(child, deadline.Token);
        }

        bool any = JudgedListeners.Read(await admin.ConfigDumpAsync(deadline.Token), verdicts);
        return any ? null : child.Log.Tail(20);
    }

    private static async Task<bool> HasReadAsync(EnvoyAdmin admin, CancellationToken cancel)
    {
        try
        {
            var stats = await admin.StatsAsync(@"^listener_manager\.lds\.update_(success|rejected|failure)$", cancel);
            return stats.Values.Any(count => count > 0);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task PauseAsync(ChildProcess child, CancellationToken cancel)
    {
        child.ThrowIfExited();
        await Task.Delay(PollInterval, TimeProvider.System, cancel);
    }
}
