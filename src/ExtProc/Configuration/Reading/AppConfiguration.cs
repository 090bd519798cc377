using Microsoft.Extensions.Configuration;

namespace ExtProc.Configuration.Reading;

/// <summary>A section of an app's own configuration (<c>appsettings.json</c>, environment, ...) as the nodes of a file.</summary>
internal static class AppConfiguration
{
    public static ConfigNode? Read(IConfigurationSection section, ConfigProblems problems)
    {
        if (section.Exists())
        {
            return Node(section);
        }

        problems.Warn(At(section), "there is nothing in this section, so that defaults apply; if settings are meant to be there, look at how it is spelled");
        return null;
    }

    private static ConfigNode Node(IConfigurationSection section)
    {
        IConfigurationSection[] children = [.. section.GetChildren()];
        return children.Length == 0 ? new ConfigScalar(At(section), section.Value ?? "", IsQuoted: section.Value is { Length: > 0 })
            : children.All(child => int.TryParse(child.Key, out _)) ? new ConfigList(At(section), [.. children.Select(Node)])
            : Map(section, children);
    }

    private static ConfigMap Map(IConfigurationSection section, IConfigurationSection[] children) =>
        new(At(section), [.. children.Select(child => new ConfigEntry(new ConfigScalar(At(child), child.Key, IsQuoted: true), Node(child)))]);

    private static ConfigMark At(IConfigurationSection section) => new($"configuration {section.Path}");
}
