using Microsoft.AspNetCore.Http.Features;

namespace ExtProc.Front.Http;

/// <summary>Shows the app its own request and response in place of the client's, until disposed.</summary>
internal sealed class SwappedFeatures : IDisposable
{
    private readonly IFeatureCollection _features;
    private readonly List<Action> _restore = [];

    public SwappedFeatures(IFeatureCollection features, AppRequest request, AppResponse response)
    {
        _features = features;
        Swap<IHttpRequestFeature>(request);
        Swap<IHttpRequestBodyDetectionFeature>(request);
        Swap<IRequestBodyPipeFeature>(request);
        Swap<IHttpRequestTrailersFeature>(request);
        Swap<IHttpRequestLifetimeFeature>(request);
        Swap<IHttpResponseFeature>(response);
        Swap<IHttpResponseBodyFeature>(response);
        Swap<IHttpResponseTrailersFeature>(response);
        Swap<IHttpResetFeature>(null); // the app's response is the filter's until the client has it
    }

    public void Dispose()
    {
        foreach (Action restore in _restore)
        {
            restore();
        }
    }

    private void Swap<T>(T? mine)
        where T : class
    {
        T? theirs = _features.Get<T>();
        _restore.Add(() => _features.Set(theirs));
        _features.Set(mine);
    }
}
