// libzmq is not instrumented, so ThreadSanitizer does not see how it hands messages from one thread
// to another. What it does itself, and what libsodium does for it under CURVE, is left out of the
// account; our own threads are not.
#if defined(__SANITIZE_THREAD__)
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
  return "called_from_lib:libzmq.so\nrace:libzmq.so\ncalled_from_lib:libsodium.so\nrace:libsodium."
         "so\n";
}
#endif
