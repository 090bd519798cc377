using Envoy.Admin.V3;
using Envoy.Extensions.Common.Matching.V3;
using Envoy.Extensions.Filters.Http.Composite.V3;
using Envoy.Extensions.Filters.Http.ExtProc.V3;
using Envoy.Extensions.Filters.Http.FilterChain.V3;
using Envoy.Extensions.Filters.Http.Router.V3;
using Envoy.Extensions.Http.ExtProc.ProcessingRequestModifiers.MappedAttributeBuilder.V3;
using Envoy.Extensions.Http.ExtProc.ResponseProcessors.SaveProcessingResponse.V3;
using Envoy.Extensions.Upstreams.Http.V3;
using Envoy.Service.Discovery.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf.Reflection;
using Xds.Type.Matcher.V3;

namespace Envoy.Api.Protos;

/// <summary>Every type of this assembly, for those who find types by name or type URL.</summary>
public static class EnvoyApi
{
    /// <summary>Files that no other file imports; the rest is reached through them. A test finds the one that is missing.</summary>
    private static readonly FileDescriptor[] Roots =
    [
        AdsReflection.Descriptor,
        CompositeReflection.Descriptor,
        ConfigDumpReflection.Descriptor,
        ConfigDumpSharedReflection.Descriptor,
        DomainReflection.Descriptor,
        ExtensionMatcherReflection.Descriptor,
        ExternalProcessorReflection.Descriptor,
        ExtProcReflection.Descriptor,
        FilterChainReflection.Descriptor,
        HttpProtocolOptionsReflection.Descriptor,
        IpReflection.Descriptor,
        MappedAttributeBuilderReflection.Descriptor,
        RangeReflection.Descriptor,
        RouterReflection.Descriptor,
        SaveProcessingResponseReflection.Descriptor,
        Udpa.Type.V1.TypedStructReflection.Descriptor,
        Xds.Type.V3.TypedStructReflection.Descriptor,
    ];

    /// <summary>All message types by full name; what a <c>google.protobuf.Any</c> may hold.</summary>
    public static TypeRegistry Types { get; } = TypeRegistry.FromFiles(Roots);

    /// <summary>All files, dependencies included, each once.</summary>
    public static IReadOnlyList<FileDescriptor> Files { get; } = [.. Reach(Roots)];

    /// <summary>True where upstream's type has fields and ours has none: nothing inside such a value is to be judged.</summary>
    public static bool IsOpaque(this MessageDescriptor type) => type.GetOptions()?.GetExtension(OpaqueExtensions.Opaque) ?? false;

    private static HashSet<FileDescriptor> Reach(IEnumerable<FileDescriptor> roots)
    {
        HashSet<FileDescriptor> reached = [];
        Stack<FileDescriptor> ahead = new(roots);
        while (ahead.TryPop(out FileDescriptor? file))
        {
            if (reached.Add(file))
            {
                foreach (FileDescriptor dependency in file.Dependencies)
                {
                    ahead.Push(dependency);
                }
            }
        }

        return reached;
    }
}
