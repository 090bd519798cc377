using ExtProc.Configuration;
using Microsoft.Extensions.Options;

namespace ExtProc.Hosting;

/// <summary>Has <c>IOptions</c> and <c>IOptionsSnapshot</c> give what the monitor gives, so that the sources are read, checked and warned of once.</summary>
internal sealed class OptionsReadOnce(IOptionsMonitor<ExtProcOptions> monitor) : IOptionsSnapshot<ExtProcOptions>
{
    public ExtProcOptions Value => monitor.CurrentValue;

    public ExtProcOptions Get(string? name) => monitor.Get(name);
}
