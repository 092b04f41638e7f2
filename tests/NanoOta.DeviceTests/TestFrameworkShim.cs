#if !NANOFRAMEWORK_1_0
namespace nanoFramework.TestFramework
{
    // On .NET the tests run in MSTest, whose attributes and Assert have the same names and are imported by its project. This
    // namespace is only here so that the tests can name the one of the device.
}
#endif
