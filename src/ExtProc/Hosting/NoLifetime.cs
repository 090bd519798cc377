using Microsoft.Extensions.Hosting;

namespace ExtProc.Hosting;

/// <summary>For a host inside the host: the program has one who listens to signals already, and this one ends when it is told to.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
