using Envoy.Runner;
using Microsoft.AspNetCore.Builder;

namespace ExtProc.Demo.DataPlanes;

/// <summary>A real Envoy, with the upstream behind it; its configuration is printed, and kept in a file.</summary>
internal sealed class EnvoyDataPlane : IDataPlane
{
    private readonly EnvoyProcess process;
    private readonly WebApplication upstream;

    private EnvoyDataPlane(EnvoyProcess process, WebApplication upstream) => (this.process, this.upstream) = (process, upstream);

    /// <inheritdoc/>
    public string Name => $"Envoy {process.Binary.Version}";

    /// <summary>Starts it and waits until it takes requests.</summary>
    public static async Task<IDataPlane> StartAsync(EnvoyBinary binary, DemoOptions options, CancellationToken cancel)
    {
        string text = EnvoyConfiguration.TextFor(options), file = EnvoyConfiguration.File;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, text, cancel);
        Console.WriteLine($"\n{text}\nThis Envoy configuration is kept in {Path.GetRelativePath(Environment.CurrentDirectory, file)}");
        WebApplication upstream = await DemoUpstream.StartAsync(options.UpstreamPort);
        try
        {
            return new EnvoyDataPlane(await EnvoyProcess.StartAsync(binary, text, cancel), upstream);
        }
        catch
        {
            await upstream.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        await upstream.DisposeAsync();
    }
}
